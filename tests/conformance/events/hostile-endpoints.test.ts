import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { HostileEndpoint, type Misbehaviour } from '../../lib/hostile-endpoint.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const TYPE = 'Microsoft.Communication.ChatMessageReceivedInThread';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ args: ['--memory', '--delivery-timeout', '1s'] });
});
afterAll(() => server.stop());

interface Attempt {
  readonly outcome: string;
  readonly status?: number;
  readonly detail?: string;
  readonly durationMs: number;
}

function subscribe(name: string, endpointUrl: string): Promise<{ readonly status: number; readonly body: unknown }> {
  return server.admin('POST', '/admin/events/subscriptions', { name, endpointUrl, includedEventTypes: [TYPE] });
}

async function firstAttemptAt(name: string): Promise<Attempt> {
  for (;;) {
    const { body } = await server.admin<{ value: { deliveries: { subscription: string; attempts: Attempt[] }[] }[] }>(
      'GET',
      `/admin/events?subscription=${name}&limit=1`,
    );
    const attempt = body.value[0]?.deliveries.find(({ subscription }) => subscription === name)?.attempts[0];
    if (attempt !== undefined) return attempt;
    await new Promise(setImmediate);
  }
}

function dribble(head: string, piece: string): Misbehaviour {
  return (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write(piece), 20);
    socket.on('close', () => clearInterval(timer));
  };
}

const flood: Misbehaviour = (socket) => {
  socket.write('HTTP/1.1 500 Oh\r\n\r\n');
  const write = (): void => {
    while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'a')));
  };
  socket.on('drain', write);
  write();
};

const CASES: readonly (readonly [string, Misbehaviour, Partial<Attempt>])[] = [
  ['never answers', () => undefined, { outcome: 'TimedOut' }],
  ['dribbles its headers', dribble('HTTP/1.1 200 OK\r\n', 'x-a: b\r\n'), { outcome: 'TimedOut' }],
  ['dribbles its body', dribble('HTTP/1.1 503 Busy\r\ncontent-length: 100000\r\n\r\n', 'a'), { outcome: 'Busy', status: 503 }],
  ['sends huge headers', (socket) => void socket.write(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(100_000)}`), { outcome: 'SocketError' }],
  ['sends an endless body', flood, { outcome: 'Busy', status: 500 }],
  ['closes amid its answer', (socket) => void socket.end('HTTP/1.1 200 O'), { outcome: 'SocketError' }],
  ['speaks no HTTP', (socket) => void socket.end('220 mail.example ESMTP\r\n'), { outcome: 'SocketError' }],
  ['redirects', (socket) => void socket.end('HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:1/\r\n\r\n'), { outcome: 'Busy', status: 307 }],
  ['says 100 Continue for ever', dribble('', 'HTTP/1.1 100 Continue\r\n\r\n'), { outcome: 'TimedOut' }],
  ['speaks HTTP/1.0', (socket) => void socket.end('HTTP/1.0 200 OK\r\n\r\n'), { outcome: 'Delivered', status: 200 }],
];

describe('an endpoint', () => {
  it('that misbehaves in any way is bounded in time, seen in the log, and delays no other', async () => {
    await using healthy = await EventReceiver.open();
    await using hostile = new AsyncDisposableStack();
    await subscribe('healthy', healthy.url);
    for (const [i, [, misbehave]] of CASES.entries()) {
      const endpoint = hostile.use(await HostileEndpoint.open(misbehave));
      expect(await subscribe(`hostile-${i}`, endpoint.url)).toMatchObject({ status: 201 });
    }
    const gone = await HostileEndpoint.open(() => undefined);
    await subscribe('hostile-gone', gone.url);
    await gone[Symbol.asyncDispose]();

    const rest = new ChatRest(server.endpoint, await newUser(server));
    const thread = await rest.createThread();
    for (let sent = 0; sent < 20; sent += 1) await rest.send(thread, `Message ${sent}`);
    await healthy.until(() => healthy.events.length === 20);

    for (const [i, [what, , expected]] of CASES.entries()) {
      const attempt = await firstAttemptAt(`hostile-${i}`);
      expect({ what, ...attempt }).toMatchObject({ what, ...expected });
      expect(attempt.durationMs, what).toBeLessThan(5_000);
    }
    expect(await firstAttemptAt('hostile-gone')).toMatchObject({ outcome: 'SocketError', detail: 'nothing listens there (ECONNREFUSED)' });
  });

  it('that garbles the handshake is refused, and nothing is stored', async () => {
    await using garbling = await EventReceiver.open();
    garbling.consent = (_, response) => void response.writeHead(418).end('no');
    const refused = subscribe('garbling', garbling.url);
    expect((await refused).status).toBe(400);
    const { body } = await server.admin<{ value: { name: string }[] }>('GET', '/admin/events/subscriptions');
    expect(body.value.map(({ name }) => name)).not.toContain('garbling');
  });

  it('of a resource that the operator named nothing for is refused, with the name of the setting', async () => {
    const resourceId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a';
    const destination = { endpointType: 'StorageQueue', properties: { resourceId, queueName: 'events' } };
    expect(await server.admin('POST', '/admin/events/subscriptions', { name: 'no-queue', destination })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('the setting eventEndpoints') as unknown } },
    });
  });
});

it('R107: a function named by its resource id gets events at the webhook of its host, without a handshake', async () => {
  await using host = await EventReceiver.open();
  const site = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app';
  const endpoints = JSON.stringify({ [site]: `${new URL(host.url).origin}/?code=secret` });
  await using other = await startServer({ args: ['--memory'], env: { SWITCHBOARD_EVENT_ENDPOINTS: endpoints } });
  const destination = { endpointType: 'AzureFunction', properties: { resourceId: `${site}/functions/store` } };
  const body = { name: 'function', destination, filter: { includedEventTypes: [TYPE] } };
  expect(await other.admin('POST', '/admin/events/subscriptions', body)).toMatchObject({ status: 201 });
  const rest = new ChatRest(other.endpoint, await newUser(other));
  await rest.send(await rest.createThread(), 'Hello');
  await host.until(() => host.deliveries.length === 1);
  expect(host.handshakes).toEqual([]);
  expect(host.deliveries[0]?.url).toBe('/runtime/webhooks/EventGrid?code=secret&functionName=store');
});
