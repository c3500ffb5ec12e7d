import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, freshToken, newUser, revokeTokens } from '../../lib/chat-user.ts';
import { allocate, connectLive } from '../../lib/live-client.ts';
import { connectPolling, newPollingClient, PollingClient } from '../../lib/polling-client.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { liveConnections } from '../../lib/server-measures.ts';

const UNAUTHORIZED = '0:::{"reason":"unauthorized"}';

let server: TestServer;
let alice: ChatUser;
let rest: ChatRest;
/** Polls from the start of this file, so that waiting for its silence costs little. */
let silence: Promise<{ readonly text: string; readonly waitedMs: number }>;

beforeAll(async () => {
  server = await startServer();
  alice = await newUser(server);
  rest = new ChatRest(server.endpoint, alice);
  const silent = await connectPolling(server.endpoint, await newUser(server));
  const startedMs = performance.now();
  silence = silent.poll().then(({ text }) => ({ text, waitedMs: performance.now() - startedMs }));
});

afterAll(() => server.stop());

describe('long polling', () => {
  it('R35: is offered beside the socket, and greets at once', async () => {
    const live = await newPollingClient(server.endpoint, alice);
    const { status, contentType, packets } = await live.poll();
    expect({ status, contentType }).toEqual({ status: 200, contentType: 'text/plain; charset=utf-8' });
    expect(packets[0]).toBe('1::');
    expect(packets[1]).toMatch(/^5:::\{"name":"trouter\.connected","args":\[\{"ttl":"\d+","dur":"\d+"\}\]\}$/);
  });

  it('R34: carries 200 messages once each and in order, whether they come during a poll or between two', async () => {
    const bob = await newUser(server);
    const live = await connectPolling(server.endpoint, bob);
    const threadId = await rest.createThread([bob]);
    for (let i = 0; i < 50; i++) await rest.send(threadId, `between ${i}`);
    const running = live.run();
    await Promise.all(
      Array.from({ length: 10 }, async (_, writer) => {
        for (let i = 0; i < 15; i++) await rest.send(threadId, `${writer}.${i} 100% ü 👍 \ufffd5\ufffd3:::`);
      }),
    );
    const last = await rest.send(threadId, 'last');
    await live.pushes.take(({ event }) => event['messageId'] === last);
    const history = (await rest.messages(threadId)).toReversed().flatMap(({ content }) => content?.message ?? []);
    expect(live.texts()).toEqual(history);
    await live.send('0::');
    expect((await running).packets).toEqual(['0::']);
  });

  it('R35: packets of the client are acknowledged with 1, and answered by a poll', async () => {
    const live = await connectPolling(server.endpoint, alice);
    expect(await live.send('5:1+::{"name":"ping"}')).toEqual({ status: 200, text: '1' });
    expect(await live.send('2::', '5:2+::{"name":"user.activity","args":[{}]}', '3:::{"id":1,"status":200,"body":"ü"}')).toMatchObject({
      text: '1',
    });
    expect((await live.poll()).packets).toEqual(['6:::1+["pong"]', '6:::2+[]']);
  });

  it('R35: a second poll takes the place of the first', async () => {
    const live = await connectPolling(server.endpoint, alice);
    const first = live.poll();
    await rest.call('GET', '/chat/threads');
    const second = live.poll();
    expect((await first).packets).toEqual(['8::']);
    await live.send('5:7+::{"name":"ping"}');
    expect((await second).packets).toEqual(['6:::7+["pong"]']);
  });

  it('R34: loses nothing when a client gives up on a poll', async () => {
    const bob = await newUser(server);
    const live = await connectPolling(server.endpoint, bob);
    const threadId = await rest.createThread([bob]);
    await live.poll();
    const given = new AbortController();
    const waiting = live.poll({ signal: given.signal });
    await rest.call('GET', '/chat/threads');
    given.abort();
    await expect(waiting).rejects.toThrow('abort');
    await rest.send(threadId, 'Hello');
    await live.poll();
    expect(live.texts()).toEqual(['Hello']);
  });

  it('R38: what happens before the registration is pushed with it, and nothing after its end', async () => {
    const bob = await newUser(server);
    const live = await newPollingClient(server.endpoint, bob);
    await live.poll();
    const threadId = await rest.createThread([bob]);
    await rest.send(threadId, 'Hello');
    await live.send('5:1+::{"name":"ping"}');
    expect((await live.poll()).packets).toEqual(['6:::1+["pong"]']);
    await live.register();
    expect((await live.poll()).packets).toHaveLength(2);
    expect(live.texts()).toEqual(['Hello']);
    await live.send('0::');
    expect((await live.poll()).status).toBe(404);
    expect((await live.send('2::')).status).toBe(404);
  });

  it('R37: what ended is forgotten', async () => {
    const before = await liveConnections(server);
    const live = await connectPolling(server.endpoint, alice);
    expect(await liveConnections(server)).toBe(before + 1);
    await live.send('0::');
    expect(await liveConnections(server)).toBe(before);
  });

  it('R37: a socket with the same parameters takes the place of the polls', async () => {
    const bob = await newUser(server);
    const live = await connectPolling(server.endpoint, bob);
    const waiting = live.run();
    using socket = await connectLive(server.endpoint, bob, { registers: false });
    expect(socket.socket.readyState).toBe(socket.socket.OPEN);
    const other = new PollingClient({ endpoint: server.endpoint, allocation: live.allocation, user: bob, sid: 'another' });
    await other.poll();
    expect((await waiting).packets).toEqual(['0::']);
  });

  it('R35: an idle poll is answered with nothing after 20 to 40 seconds', async () => {
    const { text, waitedMs } = await silence;
    expect(text).toBe('8::');
    expect(waitedMs).toBeGreaterThan(20_000);
    expect(waitedMs).toBeLessThan(40_000);
  });
});

describe('long polling and those who may not', () => {
  it('R18 R45: needs connect parameters that this server made for the very user', async () => {
    const live = await connectPolling(server.endpoint, alice);
    const bob = await newUser(server);
    const { connectparams: bobs } = await allocate(server.endpoint, bob);
    const { connectparams: own } = live.allocation;
    const forged = [{}, { sr: own['sr']! }, { ...own, sig: 'x' }, { ...own, sr: bobs['sr']! }, { ...own, sig: bobs['sig']! }, bobs];
    for (const params of forged) expect((await live.poll({ params })).status, JSON.stringify(params)).toBe(401);
  });

  it('R45: a session id is nobody’s but its user’s', async () => {
    const live = await connectPolling(server.endpoint, alice);
    const bob = await newUser(server);
    const allocation = await allocate(server.endpoint, bob);
    const thief = new PollingClient({ endpoint: server.endpoint, allocation, user: bob, sid: live.sid });
    expect((await thief.send('0::')).status).toBe(404);
    expect((await thief.poll()).packets[0]).toBe('1::');
    await live.send('5:1+::{"name":"ping"}');
    expect((await live.poll()).packets).toEqual(['6:::1+["pong"]']);
  });

  it('R17: a token without the scope takes no part in a session of its own user', async () => {
    const live = await connectPolling(server.endpoint, alice);
    live.user = await freshToken(server, alice, { scopes: ['voip'] });
    expect((await live.poll()).status).toBe(403);
    expect((await live.send('2::')).status).toBe(403);
  });

  it.each([
    ['a broken frame', '\ufffd5\ufffd2::'],
    ['a frame of no length', '\ufffdx\ufffd2::'],
    ['a claim beyond all numbers', `\ufffd${'9'.repeat(30)}\ufffd2::`],
    ['too many packets', '\ufffd3\ufffd2::'.repeat(257)],
    ['no UTF-8', Buffer.of(0xff, 0xfe)],
  ])('bad input: %s is a 400 that ends nothing', async (_name, payload) => {
    const live = await connectPolling(server.endpoint, alice);
    expect((await live.sendPayload(payload)).status).toBe(400);
    await live.send('5:1+::{"name":"ping"}');
    expect((await live.poll()).packets).toEqual(['6:::1+["pong"]']);
  });

  it.each(['x', '9::', '5:::{', '5:::{"name":1}'])('bad input: what is no packet (%s) is a 400 and ends its session', async (packet) => {
    const live = await connectPolling(server.endpoint, alice);
    const waiting = live.run();
    expect((await live.send(packet)).status).toBe(400);
    expect((await waiting).packets).toEqual(['0::']);
  });

  it('bad input: a session id of another form is a 400 that names it', async () => {
    for (const sid of ['a.b', '%20', 'x'.repeat(65)]) {
      const response = await fetch(new URL(`/socket.io/1/xhr-polling/${sid}`, server.endpoint), {
        headers: { 'x-skypetoken': alice.token },
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { target: 'sid' } });
    }
  });

  it('R120: sessions count as sockets do', async () => {
    const user = await newUser(server);
    const sockets = await Promise.all(Array.from({ length: 50 }, () => connectLive(server.endpoint, user, { registers: false })));
    const sessions = await Promise.all(Array.from({ length: 50 }, () => connectPolling(server.endpoint, user)));
    const refused = await (await newPollingClient(server.endpoint, user)).poll();
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('chat.live-connections-per-user');
    await sessions[0]!.send('0::');
    expect((await (await newPollingClient(server.endpoint, user)).poll()).status).toBe(200);
    for (const { socket } of sockets) socket.terminate();
  });
});

describe('long polling and the end of a token', () => {
  it('R18: the poll that waits is told of the expiry, and later ones are refused', async () => {
    await using clocked = await startServer({ args: ['--clock', 'virtual'] });
    const live = await connectPolling(clocked.endpoint, await newUser(clocked, { expiresInMinutes: 5 }));
    const over = live.run();
    await live.register();
    await clocked.admin('POST', '/admin/clock:advance', { by: '241s' });
    await live.packets.take((packet) => packet.includes('"trouter.reconnect"'));
    await clocked.admin('POST', '/admin/clock:advance', { by: '60s' });
    expect((await over).packets).toEqual([UNAUTHORIZED]);
    expect((await live.poll()).status).toBe(401);
  });

  it('R23: a registration with a newer token does not outlive the token of the polls', async () => {
    await using clocked = await startServer({ args: ['--clock', 'virtual'] });
    const user = await newUser(clocked, { expiresInMinutes: 5 });
    const live = await connectPolling(clocked.endpoint, user);
    live.user = await freshToken(clocked, user, { expiresInMinutes: 60 });
    await live.register();
    live.user = user;
    const over = live.run();
    await clocked.admin('POST', '/admin/clock:advance', { by: '301s' });
    expect((await over).packets).toContain(UNAUTHORIZED);
  });

  it('R19 R20: a revocation ends it', async () => {
    await using swift = await startServer({ args: ['--revocation-delay', '0s'] });
    const user = await newUser(swift);
    const live = await connectPolling(swift.endpoint, user);
    const over = live.run();
    await live.send('8::');
    await revokeTokens(swift, user);
    expect((await over).packets).toEqual([UNAUTHORIZED]);
    expect((await live.poll()).status).toBe(401);
  });

  it('R47: a server that stops tells the poll that waits, and does not wait for it', async () => {
    const stopping = await startServer();
    const live = await connectPolling(stopping.endpoint, await newUser(stopping));
    const over = live.run();
    await live.send('8::');
    expect(await stopping.stop()).toBe(0);
    expect((await over).packets).toEqual(['0::']);
  });
});

describe('polls that never come', () => {
  it('R48: what waits for them is bounded, and they are cut', async () => {
    const bob = await newUser(server);
    const live = await connectPolling(server.endpoint, bob);
    const threadId = await rest.createThread([bob]);
    const large = '€'.repeat(9_557);
    for (let i = 0; i < 10; i++) await rest.send(threadId, large);
    expect((await live.send('2::')).status).toBe(200);
    for (let i = 0; i < 10; i++) await rest.send(threadId, large);
    expect((await live.send('2::')).status).toBe(404);
    expect((await live.poll()).status).toBe(404);
  });
});
