import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUser } from '../../lib/chat-user.ts';
import { clientFrame } from '../../lib/client-frames.ts';
import { allocate, connectLive, type LiveClient } from '../../lib/live-client.ts';
import { head, RawConnection, sendRaw } from '../../lib/raw-connection.ts';
import { residentBytes } from '../../lib/server-measures.ts';
import { itSurvives } from './aftermath.ts';
import { Ground } from './ground.ts';
import { expectEnvelope } from './refusals.ts';
import { newScene, type Scene } from './scene.ts';

const HANDSHAKE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
/** First byte of a close frame; everything else that the server sends is ASCII. */
const CLOSE = '\x88';
const PACKETS = Number(process.env['BAD_INPUT_PACKETS'] ?? 100_000);
const PACKETS_A_SOCKET = 200;
const SOCKETS_AT_ONCE = 20;
/** What one abused socket, or all of them after another, may cost. */
const MOST_GROWTH_BYTES = 200 * 1024 * 1024;

describe('sockets', () => {
  let ground: Ground;
  let scene: Scene;
  let bystander: LiveClient;
  /** Target of an upgrade that is accepted. */
  let target: string;
  let endpoint: string;
  let host: string;
  beforeAll(async () => {
    ground = await Ground.prepare();
    scene = await newScene(ground);
    endpoint = ground.server.ready.httpEndpoint;
    host = `Host: ${new URL(endpoint).host}`;
    bystander = await connectLive(endpoint, scene.friend);
    target = await newTarget();
  });
  afterAll(async () => {
    bystander[Symbol.dispose]();
    await ground[Symbol.asyncDispose]();
  });

  async function newTarget(): Promise<string> {
    const user = await newUser(ground.server);
    const { connectparams } = await allocate(endpoint, user);
    ground.secrets.add(user.token).add(connectparams['sig']!);
    return `/socket.io/1/websocket/sid?${new URLSearchParams(connectparams).toString()}`;
  }

  function handshake(headers: Readonly<Record<string, string>> = HANDSHAKE, requestLine = `GET ${target} HTTP/1.1`): string {
    return head(requestLine, [host, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)]);
  }

  /** A socket that was let in, as raw bytes. */
  async function open(at = target): Promise<RawConnection> {
    const connection = await RawConnection.open(endpoint);
    connection.send(handshake(HANDSHAKE, `GET ${at} HTTP/1.1`));
    expect((await connection.answer())?.status).toBe(101);
    return connection;
  }

  /** Somebody else's messages arrive as ever. */
  async function expectBystanderServed(): Promise<void> {
    const content = `${scene.marker} ${randomBytes(4).toString('hex')}`;
    await scene.rest.send(scene.threadId, content);
    const { event } = await bystander.pushes.take(({ event: pushed }) => pushed['messageBody'] === content);
    expect(event.eventId).toBe(200);
  }

  it.each([
    ['another method', 'POST', {}, 405],
    ['another version of WebSocket', 'GET', { 'Sec-WebSocket-Version': '8' }, 426],
    ['no version of WebSocket', 'GET', { 'Sec-WebSocket-Version': '' }, 426],
    ['no key', 'GET', { 'Sec-WebSocket-Key': '' }, 400],
    ['a short key', 'GET', { 'Sec-WebSocket-Key': 'AAAA' }, 400],
    ['a key that is no base64', 'GET', { 'Sec-WebSocket-Key': '!'.repeat(24) }, 400],
    ['a body', 'GET', { 'Content-Length': '5' }, 400],
    ['a body in chunks', 'GET', { 'Transfer-Encoding': 'chunked' }, 400],
    ['a foreign origin', 'GET', { Origin: 'https://elsewhere.example' }, 403],
    ['an origin of null', 'GET', { Origin: 'null' }, 403],
  ] as const)('R152: a handshake with %s is refused', async (...[, method, changed, status]) => {
    const answer = await sendRaw(endpoint, handshake({ ...HANDSHAKE, ...changed }, `${method} ${target} HTTP/1.1`));
    expect(answer?.status).toBe(status);
    const { 'x-ms-request-id': requestId, 'x-ms-error-code': code } = answer!.headers;
    expect(code).toBe((JSON.parse(answer!.body) as { error: { code: string } }).error.code);
    const { body } = await ground.server.admin<{ rule: string; cure: string }>('GET', `/admin/requests/${requestId!}`);
    expect([body.rule, body.cure].every((text) => text.length > 3)).toBe(true);
  });

  it('bad input: a handshake that is no upgrade is an ordinary request', async () => {
    for (const changed of [{ Upgrade: 'h2c' }, { Connection: 'close', Upgrade: '' }, { Upgrade: 'websocket, h2c' }]) {
      const answer = await sendRaw(endpoint, handshake({ ...HANDSHAKE, ...changed }));
      expect(answer?.status).toBe(404);
      expectEnvelope({ status: 404, headers: answer!.headers, text: answer!.body });
    }
  });

  it.each([
    '/',
    '/chat/threads',
    '/admin',
    '/admin/status',
    '/socket.io/1/',
    '/socket.io/1/websocket',
    '//socket.io/1/websocket/x',
    '/socket.io/1/%77ebsocket/x',
    '/socket.io/1/websocket/../../admin',
    'http://localhost/socket.io/1/websocket/x',
    '*',
    '/socket.io/1/websocket#x',
  ])('bad input: an upgrade of %s is refused', async (path) => {
    const answer = await sendRaw(endpoint, handshake(HANDSHAKE, `GET ${path} HTTP/1.1`));
    expect(answer?.status).toBeGreaterThanOrEqual(400);
    expect(answer?.status).toBeLessThan(500);
  });

  it('R25: connect parameters that were changed in any way open no socket', async () => {
    const [path = '', query = ''] = target.split('?');
    const valid = Object.fromEntries(new URLSearchParams(query));
    const { sr, sig } = valid as { sr: string; sig: string };
    const grant = JSON.parse(Buffer.from(sr, 'base64url').toString('utf8')) as { grant: { identity: string } };
    const stolen = Buffer.from(JSON.stringify({ ...grant, grant: { ...grant.grant, identity: scene.friend.id } })).toString('base64url');
    const wrong: Readonly<Record<string, string>>[] = [
      {},
      { sr },
      { sig },
      { sr: '', sig: '' },
      { sr, sig: '' },
      { sr, sig: 'x'.repeat(43) },
      { sr: `${sr}A`, sig },
      { sr: sr.slice(1), sig },
      { sr: stolen, sig },
      { sr: 'null', sig },
      { sr: '%', sig: '%' },
      { sr: 'x'.repeat(10_000), sig },
      { sr, sig: sig.slice(0, -1) },
    ];
    for (const params of wrong) {
      const answer = await sendRaw(endpoint, handshake(HANDSHAKE, `GET ${path}?${new URLSearchParams(params).toString()} HTTP/1.1`));
      expect(answer?.status, JSON.stringify(params)).toBe(401);
    }
    (await open())[Symbol.dispose]();
  });

  const text = (payload: string): Buffer => clientFrame({ payload });
  it.each([
    ['a binary message', clientFrame({ opcode: 2, payload: '2::' })],
    ['an unmasked frame', clientFrame({ payload: '2::', isMasked: false })],
    ['reserved bits', clientFrame({ payload: '2::', reserved: 4 })],
    ['an unknown opcode', clientFrame({ opcode: 3, payload: '' })],
    ['an unknown control opcode', clientFrame({ opcode: 15, payload: '' })],
    ['a continuation of nothing', clientFrame({ opcode: 0, payload: '2::' })],
    ['a message inside of a message', Buffer.concat([clientFrame({ payload: '2', isFinal: false }), text('2::')])],
    ['a fragmented ping', clientFrame({ opcode: 9, payload: '', isFinal: false })],
    ['a long ping', clientFrame({ opcode: 9, payload: 'x'.repeat(126) })],
    ['a message over the limit', text(`3:::${'x'.repeat(70_000)}`)],
    ['a claim of 8 exabytes', clientFrame({ payload: '', length: 0x7fff_ffff_ffff_ffffn })],
    ['a claim beyond 63 bits', clientFrame({ payload: '', length: 0xffff_ffff_ffff_ffffn })],
    [
      'fragments over the limit',
      Buffer.concat([
        clientFrame({ payload: '3:::', isFinal: false }),
        ...Array.from({ length: 70 }, () => clientFrame({ opcode: 0, payload: 'x'.repeat(1_000), isFinal: false })),
      ]),
    ],
    ['broken UTF-8', clientFrame({ payload: Buffer.of(0x33, 0x3a, 0x3a, 0x3a, 0xff) })],
    ['a close with half a code', clientFrame({ opcode: 8, payload: 'x' })],
    ['a close with a forbidden code', clientFrame({ opcode: 8, payload: Buffer.of(0x03, 0xee) })],
    ['a close with broken UTF-8', clientFrame({ opcode: 8, payload: Buffer.of(0x03, 0xe8, 0xff) })],
    ['plain HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['zeros', Buffer.alloc(100)],
    ['noise', Buffer.alloc(10_000, 0xff)],
    ['an empty packet', text('')],
    ['a packet of no type', text('9::')],
    ['a packet of a type beyond', text('99:::x')],
    ['a packet without colons', text('5')],
    ['a packet with one colon', text('5:')],
    ['an id that is no number', text('5:x::{}')],
    ['an id beyond all numbers', text(`5:${'9'.repeat(40)}+::{"name":"ping"}`)],
    ['an event that is no JSON', text('5:::{')],
    ['an event without a name', text('5:1+::{"args":[]}')],
    ['an event of null', text('5:1+::null')],
    ['an event with a name that is no text', text('5:1+::{"name":{},"args":[]}')],
    ['an event whose arguments are no list', text('5:1+::{"name":"ping","args":{}}')],
    ['a nested event', text(`5:1+::{"name":"ping","args":${'['.repeat(20_000)}`)],
    ['an acknowledgement of nothing', text('6:::')],
    ['an acknowledgement with broken arguments', text('6:::1+[')],
  ] as const)('bad input: %s ends its own socket and no other', async (_name, bytes) => {
    using connection = await open();
    connection.send(bytes);
    if (await connection.seen(CLOSE)) connection.send(clientFrame({ opcode: 8, payload: '' }));
    await connection.ended();
    await expectBystanderServed();
  });

  it.each([
    ['the prototype as a key', '5:1+::{"name":"ping","__proto__":{"isAdmin":true},"args":[]}'],
    ['an event of the prototype', '5:1+::{"name":"__proto__","args":[]}'],
    ['deep arguments', `5:1+::{"name":"user.activity","args":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
  ] as const)('bad input: %s is acknowledged like any event', async (_name, packet) => {
    using connection = await open();
    connection.send(text(packet));
    expect(await connection.seen('6:::1')).toBe(true);
    await expectBystanderServed();
  });

  it('bad input: a frame that comes byte by byte is read like any other', async () => {
    using connection = await open();
    for (const byte of text('5:7+::{"name":"ping"}')) connection.send(Uint8Array.of(byte));
    expect(await connection.seen('6:::7+["pong"]')).toBe(true);
  });

  it('bad input: a client that wants a million answers and reads none is cut, at a bounded cost', async () => {
    const before = residentBytes(ground.server);
    using connection = await open(await newTarget());
    connection.socket.pause();
    const flood = Buffer.concat(new Array<Buffer>(10_000).fill(text('5:999999999999999+::{"name":"ping"}')));
    for (let i = 0; i < 100; i++) connection.send(flood);
    await connection.sent();
    await expectBystanderServed();
    expect(residentBytes(ground.server) - before).toBeLessThan(MOST_GROWTH_BYTES);
    connection.socket.resume();
    await connection.ended();
  });

  it('bad input: a client that begins long messages and never ends them costs a bounded amount', async () => {
    const before = residentBytes(ground.server);
    const sockets = await Promise.all(Array.from({ length: 90 }, () => open()));
    for (const socket of sockets) socket.send(clientFrame({ payload: 'x'.repeat(60_000), length: 65_000n }));
    await expectBystanderServed();
    expect(residentBytes(ground.server) - before).toBeLessThan(MOST_GROWTH_BYTES);
    for (const socket of sockets) socket[Symbol.dispose]();
  });

  it(`bad input: ${PACKETS} generated packets harm nobody but their sender`, { timeout: 60_000 + PACKETS }, async () => {
    const before = residentBytes(ground.server);
    const rounds = Math.ceil(PACKETS / PACKETS_A_SOCKET / SOCKETS_AT_ONCE);
    const packets = fc.sample(packet, PACKETS_A_SOCKET * SOCKETS_AT_ONCE);
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        Array.from({ length: SOCKETS_AT_ONCE }, async (_, at) => {
          using connection = await open();
          // Another order in every round: what is read before the first packet that ends the socket differs.
          const own = Array.from(
            { length: PACKETS_A_SOCKET },
            (_unused, i) => packets[(at * PACKETS_A_SOCKET + i * (2 * round + 1)) % packets.length]!,
          );
          connection.send(Buffer.concat(own.map((payload) => clientFrame({ payload }))));
          connection.send(clientFrame({ opcode: 8, payload: '' }));
          await connection.ended();
        }),
      );
      await expectBystanderServed();
    }
    expect(residentBytes(ground.server) - before).toBeLessThan(MOST_GROWTH_BYTES);
  });

  itSurvives(() => ground);
});

/** Nine in ten parse, so that a socket lives to see the tenth. */
const packet: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .tuple(fc.nat(999), fc.string({ maxLength: 20 }), fc.json({ maxDepth: 3 }))
      .map(([id, name, args]) => `5:${id}+::${JSON.stringify({ name, args: [args] })}`),
  },
  { weight: 20, arbitrary: fc.json({ maxDepth: 3 }).map((json) => `3:::${json}`) },
  { weight: 20, arbitrary: fc.json({ maxDepth: 3 }).map((json) => `4:::${json}`) },
  {
    weight: 20,
    arbitrary: fc.tuple(fc.nat(), fc.array(fc.jsonValue(), { maxLength: 3 })).map(([id, args]) => `6:::${id}+${JSON.stringify(args)}`),
  },
  { weight: 10, arbitrary: fc.constantFrom('2::', '8::', '1::', '7:::1+2', '3:1::x') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
);
