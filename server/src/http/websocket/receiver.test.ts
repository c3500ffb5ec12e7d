import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientFrame, textFrame, type ClientFrame } from './testing.ts';
import { Receiver } from './receiver.ts';

type Seen = readonly [kind: 'text' | 'ping' | 'close' | 'failure', ...details: readonly unknown[]];

const MAX_MESSAGE_BYTES = 1_000;
const SLOWEST_MS = 50;

describe('Receiver', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('delivers a text of %d bytes', (length) => {
    const text = 'x'.repeat(length);
    expect(receive([textFrame(text)], 70_000)).toEqual([['text', text]]);
  });

  it('joins fragments and answers control frames between them', () => {
    const euro = Buffer.from('€');
    const frames = [
      clientFrame({ opcode: 1, fin: false, payload: euro.subarray(0, 1) }),
      clientFrame({ opcode: 9, payload: Buffer.from('p') }),
      clientFrame({ opcode: 0, fin: false, payload: Buffer.alloc(0) }),
      clientFrame({ opcode: 0, payload: euro.subarray(1) }),
      textFrame('next'),
    ];
    expect(receive([Buffer.concat(frames)])).toEqual([
      ['ping', '70'],
      ['text', '€'],
      ['text', 'next'],
    ]);
  });

  it.each([
    ['without payload', Buffer.alloc(0), ['close', undefined, '']],
    ['with code and reason', Buffer.from('\u000f\u00a1bye', 'latin1'), ['close', 4001, 'bye']],
    ['with half a code', Buffer.of(3), ['failure', 1002, 'invalid close code']],
    ['with a code that never travels', Buffer.of(3, 0xed), ['failure', 1002, 'invalid close code']],
    ['with a reason that is not UTF-8', Buffer.of(3, 0xe8, 0xff), ['failure', 1007, 'close reason is not UTF-8']],
  ])('reads a close frame %s and nothing behind it', (_what, payload, seen) => {
    expect(receive([clientFrame({ opcode: 8, payload }), textFrame('late')])).toEqual([seen]);
  });

  it.each<[string, number, ClientFrame]>([
    ['that is not masked', 1002, { opcode: 1, payload: Buffer.from('a'), masked: false }],
    ['with RSV1', 1002, { opcode: 1, payload: Buffer.from('a'), reserved: 4 }],
    ['with RSV2', 1002, { opcode: 1, payload: Buffer.from('a'), reserved: 2 }],
    ['with RSV3', 1002, { opcode: 1, payload: Buffer.from('a'), reserved: 1 }],
    ['with opcode 3', 1002, { opcode: 3, payload: Buffer.from('a') }],
    ['with opcode 7', 1002, { opcode: 7, payload: Buffer.from('a') }],
    ['with opcode 11', 1002, { opcode: 11, payload: Buffer.from('a') }],
    ['with opcode 15', 1002, { opcode: 15, payload: Buffer.from('a') }],
    ['of binary data', 1003, { opcode: 2, payload: Buffer.from('a') }],
    ['that continues nothing', 1002, { opcode: 0, payload: Buffer.from('a') }],
    ['that is a fragmented ping', 1002, { opcode: 9, payload: Buffer.from('a'), fin: false }],
    ['that is a long ping', 1002, { opcode: 9, payload: Buffer.alloc(126) }],
    ['of text that is not UTF-8', 1007, { opcode: 1, payload: Buffer.of(0xc3, 0x28) }],
    ['of long text that is not UTF-8', 1007, { opcode: 1, payload: Buffer.concat([Buffer.alloc(200), Buffer.of(0xed, 0xa0, 0x80)]) }],
    ['over the bound', 1009, { opcode: 1, payload: Buffer.alloc(MAX_MESSAGE_BYTES + 1) }],
  ])('refuses a frame %s with %d', (_what, code, frame) => {
    const seen = receive([clientFrame(frame), textFrame('late')]);
    expect(seen).toEqual([['failure', code, expect.any(String)]]);
  });

  it('refuses a message inside of a message', () => {
    const open = clientFrame({ opcode: 1, fin: false, payload: Buffer.from('a') });
    expect(receive([open, textFrame('b')])).toEqual([['failure', 1002, 'message inside of a message']]);
  });

  it('bounds a message over all of its fragments', () => {
    const half = Buffer.alloc(MAX_MESSAGE_BYTES / 2, 'a');
    const first = clientFrame({ opcode: 1, fin: false, payload: half });
    const exact = clientFrame({ opcode: 0, payload: half });
    const over = clientFrame({ opcode: 0, payload: Buffer.concat([half, half.subarray(0, 1)]) });
    expect(receive([first, exact])).toEqual([['text', 'a'.repeat(MAX_MESSAGE_BYTES)]]);
    expect(receive([first, over])).toEqual([['failure', 1009, 'message over 1000 bytes']]);
  });

  it.each([
    ['its top bit set', 1002, [0x81, 0xff, 0x80, 0, 0, 0, 0, 1, 0, 0]],
    ['64 bits where 16 would do', 1002, [0x81, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff]],
    ['16 bits where 7 would do', 1002, [0x81, 0xfe, 0, 125]],
    ['a terabyte', 1009, [0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0]],
  ])('refuses a length with %s before any payload arrives', (_what, code, header) => {
    expect(receive([Buffer.from([...header, 0, 0, 0, 0])])).toEqual([['failure', code, expect.any(String)]]);
  });

  it('delivers nothing once it is stopped, even from within a handler', () => {
    const seen: string[] = [];
    const receiver = new Receiver(100, {
      onText: (text) => {
        seen.push(text);
        receiver.stop();
      },
      onPing: () => seen.push('ping'),
      onClose: () => seen.push('close'),
      onFailure: () => seen.push('failure'),
    });
    receiver.push(Buffer.concat([textFrame('one'), textFrame('two')]));
    receiver.push(textFrame('three'));
    expect(seen).toEqual(['one']);
  });
});

describe('Receiver under generated input', () => {
  it('sees the same however the bytes are cut', () => {
    fc.assert(
      fc.property(conversation(), fc.infiniteStream(fc.integer({ min: 1, max: 300 })), ({ bytes, expected }, sizes) => {
        expect(receive(cut(bytes, sizes))).toEqual(expected);
        expect(receive(cut(bytes, repeat(1)))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('survives garbage', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expectHarmless(Buffer.from(bytes), bytes[0] ?? 1);
      }),
      { numRuns: 700_000 },
    );
  });

  it('survives damaged frames', { timeout: 120_000 }, () => {
    const intact = Buffer.concat([
      textFrame('héllo'),
      ...fragmented(Buffer.from('a€b'.repeat(60)), 3),
      clientFrame({ opcode: 9, payload: Buffer.from('p') }),
    ]);
    const damage = fc.array(fc.tuple(fc.nat(intact.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, fc.integer({ min: 1, max: 400 }), (changes, size) => {
        const bytes = Buffer.from(intact);
        for (const [index, value] of changes) bytes[index] = value;
        expectHarmless(bytes, size);
      }),
      { numRuns: 300_000 },
    );
  });
});

/** Whatever comes in: at most one ending, nothing after it, no more text than bytes, and no long computation. */
function expectHarmless(bytes: Buffer, chunkBytes: number): void {
  const startMs = performance.now();
  const seen = receive(cut(bytes, repeat(Math.max(1, chunkBytes))));
  const tookMs = performance.now() - startMs;
  // One slow run may be the machine's; an input that is slow by itself is slow each time.
  if (tookMs > SLOWEST_MS) expect(fastestOf(5, () => receive([Buffer.from(bytes)]))).toBeLessThan(SLOWEST_MS);
  const endings = seen.filter(([kind]) => kind === 'close' || kind === 'failure');
  const textBytes = seen.reduce((sum, [kind, text]) => sum + (kind === 'text' ? Buffer.byteLength(String(text)) : 0), 0);
  if (endings.length > 1 || (endings.length === 1 && endings[0] !== seen.at(-1)))
    throw new Error(`events after the end: ${JSON.stringify(seen)}`);
  if (textBytes > bytes.length) throw new Error(`${textBytes} bytes of text from ${bytes.length} bytes`);
}

function fastestOf(times: number, run: () => void): number {
  return Math.min(
    ...Array.from({ length: times }, () => {
      const startMs = performance.now();
      run();
      return performance.now() - startMs;
    }),
  );
}

/** Feeds copies, as the receiver changes what it is given. */
function receive(chunks: readonly Buffer[], maxMessageBytes = MAX_MESSAGE_BYTES): Seen[] {
  const seen: Seen[] = [];
  const receiver = new Receiver(maxMessageBytes, {
    onText: (text) => seen.push(['text', text]),
    onPing: (payload) => seen.push(['ping', payload.toString('hex')]),
    onClose: (code, reason) => seen.push(['close', code, reason]),
    onFailure: (code, reason) => seen.push(['failure', code, reason]),
  });
  for (const chunk of chunks) receiver.push(Buffer.from(chunk));
  return seen;
}

function conversation(): fc.Arbitrary<{ bytes: Buffer; expected: Seen[] }> {
  const item = fc.oneof(message(), ping(), pong());
  return fc.tuple(fc.array(item, { maxLength: 8 }), fc.option(close(), { nil: [] })).map(([items, end]) => {
    const parts = [...items.flat(), ...end];
    return {
      bytes: Buffer.concat(parts.map(([frame]) => frame)),
      expected: parts.flatMap(([, seen]) => (seen === undefined ? [] : [seen])),
    };
  });
}

type Part = readonly [frame: Buffer, seen: Seen | undefined];

/** A text in one to four frames with a ping behind the first. */
function message(): fc.Arbitrary<Part[]> {
  return fc
    .tuple(fc.string({ unit: 'binary', maxLength: 240 }), fc.integer({ min: 1, max: 4 }), fc.boolean())
    .map(([text, count, hasPing]) => {
      const payload = Buffer.from(text);
      const frames = fragmented(payload, count);
      const parts = frames.map((frame, index): Part => [frame, index === frames.length - 1 ? ['text', payload.toString()] : undefined]);
      if (hasPing) parts.splice(1, 0, [clientFrame({ opcode: 9, payload: Buffer.of(1) }), ['ping', '01']]);
      return parts;
    });
}

function ping(): fc.Arbitrary<Part[]> {
  return fc
    .uint8Array({ maxLength: 125 })
    .map((payload) => [[clientFrame({ opcode: 9, payload }), ['ping', Buffer.from(payload).toString('hex')]]]);
}

function pong(): fc.Arbitrary<Part[]> {
  return fc.uint8Array({ maxLength: 125 }).map((payload) => [[clientFrame({ opcode: 10, payload }), undefined]]);
}

function close(): fc.Arbitrary<Part[]> {
  return fc.constant([[clientFrame({ opcode: 8, payload: Buffer.of(3, 0xe8) }), ['close', 1000, '']]]);
}

function fragmented(payload: Buffer, count: number): Buffer[] {
  const size = Math.ceil(payload.length / count);
  return Array.from({ length: count }, (_, index) =>
    clientFrame({ opcode: index === 0 ? 1 : 0, fin: index === count - 1, payload: payload.subarray(index * size, (index + 1) * size) }),
  );
}

function cut(bytes: Buffer, sizes: Iterator<number>): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunks.at(-1)?.length ?? 0) chunks.push(bytes.subarray(at, at + Number(sizes.next().value)));
  return chunks;
}

function* repeat(size: number): Generator<number, never> {
  for (;;) yield size;
}
