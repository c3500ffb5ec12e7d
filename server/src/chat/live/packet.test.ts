import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asciiJson,
  decodePayload,
  encodePacket,
  encodePayload,
  MAX_PACKET_CHARS,
  MAX_PAYLOAD_PACKETS,
  parsePacket,
  type Packet,
} from './packet.ts';

const SLOWEST_MS = 50;

describe('parsePacket', () => {
  it.each<[string, Packet]>([
    ['0::', { type: 'disconnect', endpoint: '', reason: '' }],
    ['0:::dup', { type: 'disconnect', endpoint: '', reason: 'dup' }],
    ['1::', { type: 'connect', endpoint: '', query: '' }],
    ['1::/chat:?a=b', { type: 'connect', endpoint: '/chat', query: '?a=b' }],
    ['2::', { type: 'heartbeat' }],
    ['3:::{"id":7,"status":200}', { type: 'message', endpoint: '', ack: undefined, data: '{"id":7,"status":200}' }],
    ['3:9:/chat:a:b\nc', { type: 'message', endpoint: '/chat', ack: { id: 9, withData: false }, data: 'a:b\nc' }],
    ['4:::[1]', { type: 'json', endpoint: '', ack: undefined, value: [1] }],
    ['5:1+::{"name":"user.activity","args":[{"state":"active"}]}', userActivity()],
    ['5:2+::{"name":"ping"}', { type: 'event', endpoint: '', ack: { id: 2, withData: true }, name: 'ping', args: [] }],
    ['6:::1+["pong"]', { type: 'ack', endpoint: '', ackId: 1, args: ['pong'] }],
    ['6:::1', { type: 'ack', endpoint: '', ackId: 1, args: undefined }],
    ['7:::unauthorized+reconnect', { type: 'error', endpoint: '', reason: 'unauthorized', advice: 'reconnect' }],
    ['8::', { type: 'noop' }],
  ])('reads %s', (text, packet) => {
    expect(parsePacket(text)).toEqual({ ok: true, packet });
  });

  it.each([
    ['', 'bad type'],
    ['9::', 'bad type'],
    ['x', 'bad type'],
    ['35::', 'bad type'],
    ['2', 'bad type'],
    ['2:', 'bad framing'],
    ['5:1', 'bad framing'],
    ['5:x::{"name":"a"}', 'bad id'],
    ['5:+::{"name":"a"}', 'bad id'],
    ['5:-1::{"name":"a"}', 'bad id'],
    ['5:1234567890123456::{"name":"a"}', 'bad id'],
    ['4:::', 'bad json'],
    ['5:::{"name":', 'bad json'],
    ['5:::null', 'bad event'],
    ['5:::{"name":1}', 'bad event'],
    ['5:::{"name":"a","args":{}}', 'bad event'],
    ['6:::', 'bad ack'],
    ['6:::x', 'bad ack'],
    ['6:::1+{}', 'bad ack'],
    ['6:::1+[', 'bad json'],
    [`3:::${'x'.repeat(MAX_PACKET_CHARS)}`, 'too long'],
  ])('refuses %j: %s', (text, reason) => {
    expect(parsePacket(text)).toEqual({ ok: false, reason });
  });

  it('reads back every packet it wrote, and writes ASCII', () => {
    fc.assert(
      fc.property(packets(), (packet) => {
        const text = encodePacket(packet);
        expect(parsePacket(text)).toEqual({ ok: true, packet });
        expect(text).toMatch(/^[\0-\x7f]*$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('encodePacket', () => {
  it.each<[Packet, string]>([
    [{ type: 'connect', endpoint: '', query: '' }, '1::'],
    [{ type: 'ack', endpoint: '', ackId: 1, args: ['pong'] }, '6:::1+["pong"]'],
    [{ type: 'ack', endpoint: '', ackId: 1, args: undefined }, '6:::1'],
    [{ type: 'disconnect', endpoint: '', reason: 'dup' }, '0:::dup'],
    [
      { type: 'event', endpoint: '', ack: undefined, name: 'trouter.connected', args: [{ ttl: '86400' }] },
      '5:::{"name":"trouter.connected","args":[{"ttl":"86400"}]}',
    ],
    [userActivity(), '5:1+::{"name":"user.activity","args":[{"state":"active"}]}'],
  ])('writes %j as %s', (packet, text) => {
    expect(encodePacket(packet)).toBe(text);
  });

  it('escapes every unit beyond ASCII', () => {
    expect(asciiJson('é\u2028🙂\ufffd')).toBe('"\\u00e9\\u2028\\ud83d\\ude42\\ufffd"');
  });
});

describe('payloads of long polling', () => {
  it('counts lengths in UTF-16 units', () => {
    expect(encodePayload(['3:::é', '3:::🙂'])).toBe('\ufffd5\ufffd3:::é\ufffd6\ufffd3:::🙂');
  });

  it('carries a single packet without framing', () => {
    expect(encodePayload(['8::'])).toBe('8::');
    expect(decodePayload('8::')).toEqual({ ok: true, packets: ['8::'] });
    expect(decodePayload('\ufffd3\ufffd8::')).toEqual({ ok: true, packets: ['8::'] });
  });

  it.each([
    '\ufffd',
    '\ufffd\ufffd',
    '\ufffd3',
    '\ufffd4\ufffd8::',
    '\ufffd2\ufffd8::',
    '\ufffd-3\ufffd8::',
    '\ufffd3\ufffd8::x',
    `\ufffd${'9'.repeat(400)}\ufffd8::`,
  ])('refuses %j', (payload) => {
    expect(decodePayload(payload)).toEqual({ ok: false, reason: 'bad framing' });
  });

  it('bounds the number of packets', () => {
    const full = Array.from({ length: MAX_PAYLOAD_PACKETS }, () => '8::');
    expect(decodePayload(encodePayload(full))).toEqual({ ok: true, packets: full });
    expect(decodePayload(encodePayload([...full, '8::']))).toEqual({ ok: false, reason: 'too many packets' });
  });

  it('splits whatever it joined', () => {
    const texts = fc.array(
      fc.string({ unit: 'binary' }).map((text) => `3:::${text}\ufffd`),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(texts, (packetTexts) => {
        expect(decodePayload(encodePayload(packetTexts))).toEqual({ ok: true, packets: packetTexts });
      }),
    );
  });
});

describe('the codec under generated input', () => {
  it('survives garbage and damaged packets', { timeout: 120_000 }, () => {
    const alphabet = fc.constantFrom(
      '0',
      '1',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      ':',
      ':',
      '+',
      '/',
      '"',
      '[',
      ']',
      '{',
      '}',
      ',',
      '\ufffd',
      '__proto__',
      '"name":"a"',
      '"args":[]',
      'é',
    );
    const garbage = fc.array(alphabet, { maxLength: 30 }).map((parts) => parts.join(''));
    const intact = fc.constantFrom('5:1+::{"name":"ping","args":[1]}', '6:::1+["pong"]', '\ufffd3\ufffd8::\ufffd3\ufffd2::', '7:::a+b');
    const damaged = fc
      .tuple(intact, fc.nat(40), fc.nat(3), garbage)
      .map(([text, at, cut, inserted]) => text.slice(0, at) + inserted + text.slice(at + cut));
    fc.assert(fc.property(fc.oneof(garbage, damaged), expectHarmless), { numRuns: 150_000 });
  });

  it.each([
    ['deep nesting', `4:::${'['.repeat(60_000)}`],
    ['balanced deep nesting', `4:::${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['a long id', `5:${'1'.repeat(60_000)}+::{}`],
    ['a long ack', `6:::${'1'.repeat(60_000)}`],
    ['many frame marks', '\ufffd'.repeat(60_000)],
    ['many empty frames', '\ufffd0\ufffd'.repeat(20_000)],
  ])('is quick about %s', (_what, text) => {
    expectHarmless(text);
  });

  it('keeps __proto__ an ordinary name', () => {
    const result = parsePacket('5:::{"name":"a","args":[],"__proto__":{"name":"b","polluted":1}}');
    expect(result).toEqual({ ok: true, packet: { type: 'event', endpoint: '', ack: undefined, name: 'a', args: [] } });
    expect(parsePacket('5:::{"__proto__":{"name":"b"}}')).toEqual({ ok: false, reason: 'bad event' });
  });
});

/** Whatever comes in is answered quickly and without throwing; what is accepted can be written again. */
function expectHarmless(text: string): void {
  const tookMs = timed(text);
  // One slow run may be the machine's; an input that is slow by itself is slow each time.
  if (tookMs > SLOWEST_MS) expect(Math.min(timed(text), timed(text), timed(text))).toBeLessThan(SLOWEST_MS);
  const result = parsePacket(text);
  if (result.ok && text.length < 1_000) expect(parsePacket(encodePacket(result.packet))).toEqual(result);
}

function timed(text: string): number {
  const startMs = performance.now();
  parsePacket(text);
  decodePayload(text);
  return performance.now() - startMs;
}

function userActivity(): Packet {
  return { type: 'event', endpoint: '', ack: { id: 1, withData: true }, name: 'user.activity', args: [{ state: 'active' }] };
}

function packets(): fc.Arbitrary<Packet> {
  const endpoint = fc.constantFrom('', '/chat');
  const ack = fc.option(fc.record({ id: fc.nat(), withData: fc.boolean() }), { nil: undefined });
  const text = fc.string({ unit: 'grapheme-ascii' });
  const word = fc.stringMatching(/^[a-z ]*$/);
  const value = fc.jsonValue({ stringUnit: 'binary' }).map((json): unknown => JSON.parse(JSON.stringify(json)));
  return fc.oneof(
    fc.record({ type: fc.constantFrom('heartbeat' as const, 'noop' as const) }),
    fc.record({ type: fc.constant('disconnect' as const), endpoint, reason: text }),
    fc.record({ type: fc.constant('connect' as const), endpoint, query: text }),
    fc.record({ type: fc.constant('message' as const), endpoint, ack, data: text }),
    fc.record({ type: fc.constant('json' as const), endpoint, ack, value }),
    fc.record({ type: fc.constant('event' as const), endpoint, ack, name: fc.string({ unit: 'binary' }), args: fc.array(value) }),
    fc.record({ type: fc.constant('ack' as const), endpoint, ackId: fc.nat(), args: fc.option(fc.array(value), { nil: undefined }) }),
    fc.record({ type: fc.constant('error' as const), endpoint, reason: word, advice: word }),
  );
}
