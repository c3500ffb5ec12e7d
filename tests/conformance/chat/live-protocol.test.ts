import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ChatRest, expectRefusal } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { allocate, type Allocation, connectLive, type LiveClient, openSocket } from '../../lib/live-client.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { liveConnections } from '../../lib/server-measures.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

let server: TestServer;
let alice: ChatUser;
let rest: ChatRest;
/** Open from the start of this file, so that waiting for its heartbeat costs little. */
let early: LiveClient;

beforeAll(async () => {
  server = await startServer();
  alice = await newUser(server);
  rest = new ChatRest(server.endpoint, alice);
  early = await connectLive(server.endpoint, await newUser(server));
});

afterAll(() => server.stop());

describe('live services', () => {
  it('R35 D10: the configuration names this server under the address that the client used', async () => {
    const own = server.endpoint.replace(/\/$/, '');
    const { status, body } = await rest.call('GET', '/chat/config/realTimeNotifications', { query: { 'api-version': '2024-09-01' } });
    expect({ status, body }).toEqual({ status: 200, body: { trouterServiceUrl: own, registrarServiceUrl: own, cloudType: 'Public' } });
    const plain = server.ready.httpEndpoint.replace(/\/$/, '');
    const { body: overPlain } = await new ChatRest(plain, alice).call('GET', '/chat/config/realTimeNotifications');
    expect(overPlain).toMatchObject({ trouterServiceUrl: plain, registrarServiceUrl: plain });
  });

  it('R35: an allocation names this server, a path for pushes, its life, and signed parameters safe in a query', async () => {
    const allocation = await allocate(server.endpoint, alice);
    expect(allocation.socketio).toBe(new URL('/', server.endpoint).href);
    expect(allocation.surl).toBe(new URL(`/v4/f/${allocation.ccid}/`, server.endpoint).href);
    expect(Number(allocation.ttl)).toBeGreaterThan(86_000);
    for (const value of Object.values(allocation.connectparams)) expect(value).toMatch(/^[\w.~-]+$/);
  });

  it('R35: the handshake gives a session, its times and the transports', async () => {
    const response = await fetch(new URL('/socket.io/1/?v=v4&t=1', server.endpoint), { headers: { 'x-skypetoken': alice.token } });
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toMatch(/^[\w-]+:70:70:websocket/);
  });

  it.each([
    ['POST', '/v4/a'],
    ['GET', '/socket.io/1/'],
    ['DELETE', '/v3/registrations/x'],
    ['POST', '/v3/registrations'],
  ])('R25 R26: %s %s takes the token in either header, and nothing else', async (method, path) => {
    const body = JSON.stringify({ registrationId: 'x', transports: { TROUTER: [{ path: `${server.endpoint}v4/f/nobody/`, ttl: 60 }] } });
    const statusWith = async (headers: Record<string, string>): Promise<number> => {
      const init = path === '/v3/registrations' ? { headers: { ...headers, 'content-type': 'application/json' }, body } : { headers };
      return (await fetch(new URL(path, server.endpoint), { method, ...init })).status;
    };
    expect(Math.floor((await statusWith({ 'x-skypetoken': alice.token })) / 100)).toBe(2);
    expect(Math.floor((await statusWith({ authorization: `Bearer ${alice.token}` })) / 100)).toBe(2);
    expect(await statusWith({})).toBe(401);
    expect(await statusWith({ 'x-skypetoken': `${alice.token}x` })).toBe(401);
    expect(await statusWith({ 'x-skypetoken': (await newUser(server, { scopes: ['voip'] })).token })).toBe(403);
  });

  it.each([
    ['no registration id', { transports: { TROUTER: [{ path: 'x' }] } }, 'registrationId'],
    ['no transport', { registrationId: 'x', transports: {} }, 'transports.TROUTER'],
    [
      'a path that is none of ours',
      { registrationId: 'x', transports: { TROUTER: [{ path: 'https://evil.example/x' }] } },
      'transports.TROUTER',
    ],
  ])('R37: a registration with %s is a 400 that names the field', async (_name, body, target) => {
    expectRefusal(await rest.call('POST', '/v3/registrations', { body }), { status: 400, code: 'BadRequest', target });
  });
});

describe('the socket', () => {
  it('R35: greets, and acknowledges user.activity, ping and anything else that asks for it', async () => {
    using live = await connectLive(server.endpoint, alice);
    expect(live.packets.all[0]).toBe('1::');
    expect(live.packets.all[1]).toMatch(/^5:::\{"name":"trouter\.connected","args":\[\{"ttl":"\d+","dur":"\d+"\}\]\}$/);
    expect(await live.emit('user.activity', [{ state: 'active', cv: 'x' }])).toMatch(/^6:::1(?:\+\[.*\])?$/);
    expect(await live.emit('ping')).toBe('6:::2+["pong"]');
    expect(await live.emit('trouter.processed_message_loss')).toMatch(/^6:::3/);
  });

  it('R35: leaves events unanswered that ask for nothing, and answers to pushes', async () => {
    using live = await connectLive(server.endpoint, alice);
    live.socket.send('5:::{"name":"ping"}');
    live.socket.send('2::');
    live.socket.send('8::');
    live.socket.send('3:::{"id":99,"status":404,"body":""}');
    expect(await live.emit('ping')).toBe('6:::1+["pong"]');
    expect(live.packets.all.filter((packet) => packet.startsWith('6:'))).toHaveLength(1);
  });

  it('R37: ends when the client says so', async () => {
    using live = await connectLive(server.endpoint, alice);
    live.socket.send('0::');
    expect(await live.closed).toEqual({ code: 1000, reason: '' });
  });

  it.each(['', 'x', '9::', '5:::{', '5:x::{"name":"a"}', '5:::{"name":1}', '6:::x', `5:::{"name":"${'x'.repeat(70_000)}"}`])(
    'R35: what is no packet (%#) ends its connection and no other',
    async (text) => {
      using live = await connectLive(server.endpoint, alice);
      using other = await connectLive(server.endpoint, alice);
      live.socket.send(text);
      expect([1002, 1009]).toContain((await live.closed).code);
      expect(await other.emit('ping')).toBe('6:::1+["pong"]');
    },
  );

  it('R18: opens only with parameters that this server signed', async () => {
    const allocation = await allocate(server.endpoint, alice);
    const { connectparams } = allocation;
    const bob = await allocate(server.endpoint, await newUser(server));
    const sr = JSON.parse(Buffer.from(connectparams['sr'] ?? '', 'base64url').toString()) as { grant: object };
    const edited = Buffer.from(JSON.stringify({ ...sr, grant: { ...sr.grant, expiresAtMs: 9_999_999_999_999 } })).toString('base64url');
    const forged: Record<string, string>[] = [
      {},
      { ...connectparams, sr: edited },
      { ...connectparams, sr: bob.connectparams['sr'] ?? '' },
      { ...connectparams, sig: bob.connectparams['sig'] ?? '' },
      { ...connectparams, sig: '' },
      { sr: '', sig: '' },
    ];
    for (const params of forged) {
      await expect(openSocket(server.endpoint, { ...allocation, connectparams: params })).rejects.toThrow('answered 401');
    }
    using live = await openSocket(server.endpoint, allocation);
    expect(live.socket.readyState).toBe(live.socket.OPEN);
  });

  it('R18: parameters of another server open nothing', async () => {
    await using elsewhere = await startServer();
    const foreign = await allocate(elsewhere.endpoint, await newUser(elsewhere));
    await expect(openSocket(server.endpoint, foreign)).rejects.toThrow('answered 401');
  });

  it('R35: allocation ignores parameters that it does not know', async () => {
    const { connectparams } = await allocate(server.endpoint, alice, { sr: 'stale', se: '1', sig: 'x' });
    expect(connectparams['sr']).not.toBe('stale');
  });

  it('R120: a user has at most 100; the next is a 429 that says when to come back, and others are unaffected', async () => {
    const user = await newUser(server);
    const sockets = await Promise.all(Array.from({ length: 100 }, () => connectLive(server.endpoint, user, { registers: false })));
    const allocation = await allocate(server.endpoint, user);
    const refusal = await openSocket(server.endpoint, allocation).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      status: 429,
      headers: { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) as string },
      body: { error: { code: 'TooManyRequests', message: expect.stringContaining('chat.live-connections-per-user') as string } },
    });
    using other = await connectLive(server.endpoint, alice);
    expect(await other.emit('ping')).toBe('6:::1+["pong"]');
    sockets[0]?.socket.close();
    await sockets[0]?.closed;
    using again = await openSocket(server.endpoint, allocation);
    expect(again.socket.readyState).toBe(again.socket.OPEN);
    for (const { socket } of sockets) socket.terminate();
  });

  it('R37: what ended is forgotten', async () => {
    const before = await liveConnections(server);
    const live = await connectLive(server.endpoint, alice);
    expect(await liveConnections(server)).toBe(before + 1);
    live.socket.terminate();
    await vi.waitFor(async () => expect(await liveConnections(server)).toBe(before));
  });
});

describe('a server that goes and comes back', () => {
  it('R18 R37: tells its clients that it goes, and takes their old parameters when it is back', async () => {
    using folder = new TemporaryFolder();
    const first = await startServer({ data: folder.path });
    const user = await newUser(first);
    const live = await connectLive(first.endpoint, user);
    const { port } = new URL(first.endpoint);
    expect(await first.stop()).toBe(0);
    expect(live.packets.all.at(-1)).toMatch(/^0::/);
    expect(await live.closed).toMatchObject({ code: 1001 });

    await using second = await startServer({ data: folder.path, port: Number(port) });
    const old: Allocation = live.allocation;
    using socket = await openSocket(second.endpoint, old, { registrationId: live.registrationId });
    expect((await socket.register(user)).ok).toBe(true);
    using renewed = await connectLive(second.endpoint, user, { connectparams: old.connectparams });
    const owner = new ChatRest(second.endpoint, user);
    const threadId = await owner.createThread();
    await owner.send(threadId, 'Back');
    for (const client of [socket, renewed]) expect(await client.event(200, threadId)).toMatchObject({ messageBody: 'Back' });
  });
});

describe('a silent connection', () => {
  it('R35: is sent a heartbeat well inside the 70 seconds of the handshake', async () => {
    const heartbeat = await early.packets.take((packet) => packet === '2::', 25_000);
    early.socket.send(heartbeat);
    expect(await early.emit('ping')).toBe('6:::1+["pong"]');
    early.socket.terminate();
  });
});
