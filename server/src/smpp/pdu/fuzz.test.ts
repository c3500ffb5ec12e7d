import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readContent } from '../message/content.ts';
import { readReceipt, writeReceipt } from '../message/receipt.ts';
import type { Pdu } from './body.ts';
import { decode } from './codec.ts';
import { anyPdu, bytesOf, message } from './testing.ts';

const INPUTS = 1_000_000;
const MOST_MUTATIONS = 4;
const HEADER_BYTES = 16;

describe('a million PDUs with something wrong', () => {
  it('are read, or refused with a status and a reason, and nothing else', () => {
    const samples = [...fc.sample(anyPdu, { numRuns: 300, seed: 1 }), ...receipts()].map(bytesOf);
    const next = noise(2_463_534_242);
    let read = 0;
    for (let i = 0; i < INPUTS; i++) {
      const bytes = mutated(samples[next() % samples.length] ?? Buffer.alloc(0), next);
      const decoded = decode({ bytes, start: 0, end: bytes.length });
      if (decoded.kind === 'pdu') {
        read += 1;
        look(decoded.pdu);
      } else if (decoded.failure.status === 0 || decoded.failure.reason.length > 100) throw new Error(bytes.toString('hex'));
    }
    expect(read).toBeGreaterThan(INPUTS / 10);
    expect(read).toBeLessThan(INPUTS);
  });
});

/** What everybody does with a message that could be read. */
function look({ body, tlvs }: Pdu): void {
  if (body.command !== 'deliver_sm' && body.command !== 'submit_sm' && body.command !== 'data_sm') return;
  const content = readContent(body, tlvs);
  if (content !== undefined) readReceipt(content, tlvs);
}

function receipts(): Pick<Pdu, 'body' | 'tlvs'>[] {
  const receipt = { messageId: '42', state: 'delivered', submittedAtMs: 0, doneAtMs: 0, error: '000', text: 'hello' } as const;
  const { tlvs, ...fields } = writeReceipt(receipt);
  const concatenated = Buffer.from('050003ff0201hello', 'latin1');
  return [
    { body: message({ command: 'deliver_sm', ...fields }), tlvs },
    { body: message({ command: 'deliver_sm', ...fields }), tlvs: [] },
    { body: message({ command: 'deliver_sm', esmClass: 0x40, shortMessage: concatenated }), tlvs: [] },
  ];
}

/** A copy with some bytes changed, put in or taken out; its length is right, or the splitter would have stopped it. */
function mutated(sample: Buffer, next: () => number): Buffer {
  let bytes = Buffer.from(sample);
  for (let left = 1 + (next() % MOST_MUTATIONS); left > 0; left--) {
    const at = next() % (bytes.length + 1);
    const kind = next() % 5;
    if (kind === 0) bytes = bytes.subarray(0, at);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), Buffer.alloc(next() % 40, next()), bytes.subarray(at)]);
    else if (at < bytes.length) bytes[at] = kind === 2 ? 0 : kind === 3 ? 0xff : next() & 0xff;
  }
  return bytes.length >= HEADER_BYTES ? bytes : Buffer.concat([bytes, Buffer.alloc(HEADER_BYTES)]);
}

/** Repeatable noise: an xorshift of 32 bits. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
