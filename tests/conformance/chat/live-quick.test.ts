import { once } from 'node:events';
import type { ChatMessageReceivedEvent } from '@azure/communication-chat';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { TcpProxy } from '../../lib/browser-tcp-proxy.ts';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser, revokeTokens } from '../../lib/chat-user.ts';
import { type Allocation, allocate, connectLive, LiveClient } from '../../lib/live-client.ts';
import { newResource } from '../../lib/resources.ts';
import { registered, startSdkLive } from '../../lib/sdk-live.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const QUICK = ['--quick-reconnect', 'on'];

let server: TestServer;
let alice: ChatUser;

beforeAll(async () => {
  server = await startServer({ args: [...QUICK, '--revocation-delay', '0s'] });
  alice = await newUser(server);
});

afterAll(() => server.stop());

/** Opens the socket; nobody has said yet whose it is. */
async function openStranger(endpoint = server.endpoint, headers: Readonly<Record<string, string>> = {}): Promise<LiveClient> {
  const socket = new WebSocket(`${endpoint.replace(/^http/, 'ws')}v4/c?timeout=40&epid=e`, { headers });
  const live = new LiveClient({ endpoint, allocation: {} as Allocation, registrationId: 'none', socket });
  await once(socket, 'open');
  expect(await live.packets.take()).toBe('1::');
  return live;
}

/** Says whose the socket is. */
function authenticate(live: LiveClient, token: string): void {
  const args = [{ headers: { 'X-Skypetoken': token }, connectparams: { sr: 'stale', sig: 'stale' } }];
  live.socket.send(`5:::${JSON.stringify({ name: 'user.authenticate', args })}`);
}

type Connected = Allocation & { readonly reconnectUrl: string };

async function connectedOf(live: LiveClient): Promise<Connected> {
  const packet = await live.packets.take((one) => one.includes('trouter.connected'));
  return (JSON.parse(packet.slice('5:::'.length)) as { args: [Connected] }).args[0];
}

async function pathsAsked(of: TestServer): Promise<string[]> {
  const { body } = await of.admin<{ value: { path: string }[] }>('GET', '/admin/requests?limit=1000');
  return body.value.map(({ path }) => path.replace(/\?.*/s, ''));
}

describe('a live connection in one step', () => {
  it('R35: is offered only where it is switched on, and exists nowhere else', async () => {
    expect((await allocate(server.endpoint, alice)).connectparams['scae']).toBe('1');
    await using plain = await startServer();
    expect((await allocate(plain.endpoint, await newUser(plain))).connectparams).not.toHaveProperty('scae');
    const socket = new WebSocket(`${plain.endpoint.replace(/^http/, 'ws')}v4/c`);
    await expect(once(socket, 'open')).rejects.toThrow('404');
  });

  it('R35 R34: brings the whole allocation, is registered, acknowledges, and gets pushes', async () => {
    const bob = await newUser(server);
    const stranger = await openStranger();
    authenticate(stranger, bob.token);
    const connected = await connectedOf(stranger);
    expect(connected).toMatchObject({
      socketio: new URL('/', server.endpoint).href,
      surl: new URL(`/v4/f/${connected.ccid}/`, server.endpoint).href,
      ttl: expect.any(Number) as number,
      reconnectUrl: `${server.endpoint.replace(/^http/, 'ws')}v4/c`,
      connectparams: { scae: '1' },
    });
    using live = new LiveClient({ endpoint: server.endpoint, allocation: connected, registrationId: 'one', socket: stranger.socket });
    expect((await live.register(bob)).ok).toBe(true);
    const rest = new ChatRest(server.endpoint, alice);
    const threadId = await rest.createThread([bob]);
    await rest.send(threadId, 'Hello');
    expect(await live.event(200, threadId)).toMatchObject({ messageBody: 'Hello' });
    expect(await live.emit('ping')).toBe('6:::1+["pong"]');
  });

  it('R18: a token that ends, or is none, is refused so that the client fetches a fresh one', async () => {
    const revoked = await newUser(server);
    await revokeTokens(server, revoked);
    for (const token of [revoked.token, 'none', `${alice.token}x`, '']) {
      using live = await openStranger();
      authenticate(live, token);
      expect(await live.packets.take()).toBe('0:::{"reason":"unauthorized"}');
      expect(await live.closed).toMatchObject({ code: 1008 });
    }
  });

  it('R18: the end of the token ends it', async () => {
    const bob = await newUser(server);
    using live = await openStranger();
    authenticate(live, bob.token);
    await connectedOf(live);
    await revokeTokens(server, bob);
    expect(await live.closed).toEqual({ code: 1008, reason: 'unauthorized' });
  });

  it('R17 R45 R120: the scope, the resource of the host and the number of connections are judged as ever', async () => {
    const voip = await newUser(server, { scopes: ['voip'] });
    const { name } = await newResource(server);
    const stranger = await newUser(server, { resource: name });
    const many = await newUser(server);
    const sockets = await Promise.all(Array.from({ length: 100 }, () => connectLive(server.endpoint, many, { registers: false })));
    for (const [user, host, reason] of [
      [voip, 'localhost', 'refused'],
      [many, 'localhost', 'refused'],
      [stranger, 'local.localhost', 'unauthorized'],
    ] as const) {
      using live = await openStranger(server.endpoint, { host });
      authenticate(live, user.token);
      expect(await live.closed).toEqual({ code: 1008, reason });
    }
    for (const { socket } of sockets) socket.terminate();
  });

  it.each([
    '',
    '2::',
    'garbage',
    '5:::{"name":"user.authenticate"}',
    '5:::{"name":"user.authenticate","args":[null]}',
    '5:::{"name":"user.authenticate","args":[{"headers":{"X-Skypetoken":{}}}]}',
  ])('bad input: %s says nothing of a user', async (packet) => {
    using live = await openStranger();
    live.socket.send(packet);
    authenticate(live, alice.token);
    const answer = await live.packets.take();
    expect(answer).toMatch(/trouter\.connected|unauthorized/);
    expect(answer.includes('trouter.connected')).toBe(!packet.includes('user.authenticate'));
  });

  it('R48: a socket of nobody is closed after ten seconds, a thousand are enough, and both leave room again', async () => {
    const plain = server.ready.httpEndpoint;
    const strangers = await Promise.all(Array.from({ length: 1_000 }, () => openStranger(plain)));
    const socket = new WebSocket(`${plain.replace(/^http/, 'ws')}v4/c`);
    await expect(once(socket, 'open')).rejects.toThrow('503');
    // Allocation goes on, which is where the SDK turns to.
    using live = await connectLive(plain, alice);
    expect(await live.emit('ping')).toBe('6:::1+["pong"]');
    const closed = await Promise.all(strangers.map(({ closed }) => closed));
    expect(new Set(closed.map(({ reason }) => reason))).toEqual(new Set(['authentication timed out']));
    using next = await openStranger(plain);
    authenticate(next, alice.token);
    await connectedOf(next);
  });
});

describe('the chat SDK that is offered it', () => {
  it('R37: comes back over it after a lost socket, and receives', async () => {
    await using own = await startServer({ args: QUICK });
    await using proxy = await TcpProxy.start(Number(new URL(own.endpoint).port));
    const [bob, carol] = [await newUser(own), await newUser(own)];
    await using live = await startSdkLive(own, bob, { endpoint: `https://localhost:${proxy.port}/` });
    expect(await pathsAsked(own)).not.toContain('/v4/c');
    // A socket that is opened on a kept connection which was just cut fails; the client then allocates once.
    for (let round = 1; round <= 5 && !(await pathsAsked(own)).includes('/v4/c'); round += 1) {
      proxy.cut();
      await live.connection('realTimeNotificationDisconnected');
      await live.connection('realTimeNotificationConnected');
      await registered(own, bob, round + 1);
      const rest = new ChatRest(own.endpoint, carol);
      const threadId = await rest.createThread([bob]);
      await rest.send(threadId, `round ${round}`);
      expect(await live.event<ChatMessageReceivedEvent>('chatMessageReceived', threadId)).toMatchObject({ message: `round ${round}` });
    }
    expect(await pathsAsked(own)).toContain('/v4/c');
    await live.stop();
    await vi.waitFor(async () => expect((await own.admin('GET', '/admin/status')).body).toMatchObject({ liveConnections: 0 }), 5_000);
  });

  it('R37: turns to allocation when the server offers it no more', async () => {
    using folder = new TemporaryFolder();
    const first = await startServer({ data: folder.path, args: QUICK });
    const bob = await newUser(first);
    await using live = await startSdkLive(first, bob);
    await first.stop();
    await using second = await startServer({ data: folder.path, port: Number(new URL(first.endpoint).port) });
    await live.connection('realTimeNotificationDisconnected');
    await vi.waitFor(
      async () => {
        await live.advance(5_000);
        expect(live.events.all.at(-1)?.name).toBe('realTimeNotificationConnected');
      },
      { timeout: 30_000, interval: 500 },
    );
    await registered(second, bob);
    expect(await pathsAsked(second)).toContain('/v4/a');
  });
});
