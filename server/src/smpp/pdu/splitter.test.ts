import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Splitter } from './splitter.ts';
import { anyPdu, bytesOf, rawPdu } from './testing.ts';

const MAX_PDU_BYTES = 100_000;

describe('a splitter', () => {
  it('finds every PDU however the bytes are cut', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(anyPdu, { maxLength: 6 }), cuts, (pdus, sizes) => {
        const frames = pdus.map(bytesOf);
        expect(split(chunksOf(Buffer.concat(frames), sizes)).frames).toEqual(frames);
      }),
      { numRuns: 500 },
    );
  });

  it('finds those that come byte by byte', () => {
    const frames = [rawPdu(0x15), rawPdu(0x4, Buffer.alloc(1_000, 1)), rawPdu(0x6)];
    expect(split(chunksOf(Buffer.concat(frames), [1])).frames).toEqual(frames);
  });

  it('does not copy a PDU that is whole', () => {
    const chunk = Buffer.concat([rawPdu(0x15), rawPdu(0x15)]);
    const splitter = new Splitter(MAX_PDU_BYTES);
    splitter.push(chunk);
    expect(splitter.next()).toMatchObject({ start: 0, end: 16 });
    expect(splitter.next()?.bytes).toBe(chunk);
    expect(splitter.next()).toBeUndefined();
  });

  it.each([
    ['shorter than a header', 15],
    ['of no length', 0],
    ['over the bound', MAX_PDU_BYTES + 1],
    ['of 4 GB', 0xffff_ffff],
    ['of what is really a web browser', Buffer.from('GET ').readUInt32BE()],
  ])('gives up at a PDU %s, whole or in pieces', (_what, length) => {
    const bad = Buffer.concat([rawPdu(0x15), Buffer.alloc(100)]);
    bad.writeUInt32BE(length, 16);
    for (const size of [1, 7, 1_000]) {
      const { frames, failure } = split(chunksOf(bad, [size]));
      expect(frames).toEqual([rawPdu(0x15)]);
      expect(failure).toBe(`a PDU claims ${length} octets, and may have from 16 to 100000`);
    }
  });
});

function split(chunks: readonly Buffer[]): { readonly frames: Buffer[]; readonly failure: string | undefined } {
  const splitter = new Splitter(MAX_PDU_BYTES);
  const frames: Buffer[] = [];
  for (const chunk of chunks) {
    splitter.push(chunk);
    for (let frame = splitter.next(); frame !== undefined; frame = splitter.next())
      frames.push(Buffer.from(frame.bytes.subarray(frame.start, frame.end)));
  }
  return { frames, failure: splitter.failure };
}

/** @param sizes of the chunks, over and over */
function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + (sizes[i % sizes.length] ?? 1);
    chunks.push(bytes.subarray(at, end));
    at = end;
  }
  return chunks;
}
