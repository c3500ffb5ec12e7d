import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { armClient, refusalOf, resourceScope, toWebhook } from '../../lib/arm-client.ts';
import { deliveryTo, trigger } from '../../lib/event-deliveries.ts';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { privateName } from '../../lib/private-name.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const SUBSCRIPTIONS = '/admin/events/subscriptions';
const includedEventTypes = ['Microsoft.Communication.SMSReceived'];
const SITE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app';
const NO_PUBLIC_ADDRESS = 'has no public address, and this server calls no others (--egress public)';

/** Each means this machine, its network, or what clouds tell a machine about itself. */
const HOSTS = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '017700000001',
  '127.0.0.1.',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::7f00:1]',
  '[fe80::1]',
  '[fd00:ec2::254]',
  'localhost',
  'LOCALHOST.',
  'hook.localhost',
];

describe('a server that may call public addresses only', () => {
  const stack = new AsyncDisposableStack();
  /** What nothing may connect to. */
  let inside: EventReceiver;
  /** Under the name of this machine. */
  let named: { readonly url: string; readonly receiver: EventReceiver };
  /** Named by the operator. */
  let host: EventReceiver;
  let server: TestServer;

  beforeAll(async () => {
    const folder = stack.use(new TemporaryFolder());
    inside = stack.use(await EventReceiver.open());
    host = stack.use(await EventReceiver.open());
    const { name, address } = await privateName();
    const receiver = stack.use(await EventReceiver.open(address));
    named = { url: receiver.url.replace(new URL(receiver.url).hostname, name), receiver };
    const env = { SWITCHBOARD_EVENT_ENDPOINTS: JSON.stringify({ [SITE]: new URL(host.url).origin }) };
    // What was allowed once need not be allowed for ever.
    const before = await startServer({ data: folder.path, env });
    await subscribe(before, 'by-address', inside.url);
    await subscribe(before, 'by-localhost', inside.url.replace('127.0.0.1', 'localhost'));
    await subscribe(before, 'by-name', named.url);
    const destination = { endpointType: 'AzureFunction', properties: { resourceId: `${SITE}/functions/store` } };
    const made = await before.admin('POST', SUBSCRIPTIONS, { name: 'function', destination, includedEventTypes });
    expect(made.status).toBe(201);
    await before.stop();
    server = stack.use(await startServer({ data: folder.path, env, args: ['--egress', 'public'] }));
    for (const one of [inside, named.receiver]) one.connections = 0;
  });
  afterAll(() => stack.disposeAsync());

  async function subscribe(to: TestServer, name: string, endpointUrl: string): Promise<void> {
    expect(await to.admin('POST', SUBSCRIPTIONS, { name, endpointUrl, includedEventTypes })).toMatchObject({ status: 201 });
  }

  function expectUntouched(): void {
    expect([inside.connections, named.receiver.connections]).toEqual([0, 0]);
  }

  it.each(['EventGridSchema', 'CloudEventSchemaV1_0'])('refuses every form of a private address for %s', async (schema) => {
    const urls = [...HOSTS.map((form) => inside.url.replace('127.0.0.1', form)), named.url];
    const asked = urls.map((endpointUrl) => server.admin('POST', SUBSCRIPTIONS, { name: 'new-hook', endpointUrl, schema }));
    const refused = {
      status: 400,
      body: { error: { target: 'endpointUrl', message: expect.stringContaining(NO_PUBLIC_ADDRESS) as unknown } },
    };
    for (const [i, answer] of (await Promise.all(asked)).entries()) expect({ url: urls[i], ...answer }).toMatchObject(refused);
    expectUntouched();
  });

  it('refuses it to resource management, and to a change of what is allowed', async () => {
    const made = armClient(server).eventSubscriptions.beginCreateOrUpdateAndWait(resourceScope(), 'arm-hook', toWebhook(inside.url));
    expect((await refusalOf(made)).message).toContain(NO_PUBLIC_ADDRESS);
    const changed = await server.admin('PATCH', `${SUBSCRIPTIONS}/function`, { endpointUrl: inside.url });
    expect(changed).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining(NO_PUBLIC_ADDRESS) as unknown } } });
    expectUntouched();
  });

  it('delivers to none that it would not subscribe any more, and says so in the log', async () => {
    await trigger(server);
    for (const subscription of ['by-address', 'by-localhost', 'by-name']) {
      const delivery = await deliveryTo(server, subscription, ({ state }) => state !== 'waiting');
      expect(delivery).toMatchObject({
        state: 'dropped',
        attempts: [{ outcome: 'Forbidden', detail: expect.stringContaining(NO_PUBLIC_ADDRESS) as unknown }],
      });
    }
    expectUntouched();
  });

  it('calls what its operator named, and follows it nowhere', async () => {
    host.answer = (_, response) => void response.writeHead(307, { location: inside.url });
    await trigger(server);
    expect(await deliveryTo(server, 'function')).toMatchObject({
      state: 'waiting',
      attempts: [{ outcome: 'Busy', status: 307, detail: `redirected to ${inside.url}; redirects are not followed` }],
    });
    expectUntouched();
  });
});
