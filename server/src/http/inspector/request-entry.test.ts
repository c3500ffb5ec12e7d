import { describe, expect, it } from 'vitest';
import { bodyOf } from './request-entry.ts';

const SHOWN_BYTES = 16_384;

describe('what is kept of a body', () => {
  it.each([undefined, '', Buffer.alloc(0)])('is nothing of %j', (content) => {
    expect(bodyOf(content)).toBeUndefined();
  });

  it('is all of a small text, as it is', () => {
    const content = 'a'.repeat(SHOWN_BYTES);
    expect(bodyOf(content)).toEqual({ shown: content, cutFromBytes: undefined });
  });

  it('is a copy of a few bytes, without the chunk that they came in', () => {
    const chunk = new Uint8Array(100_000);
    const body = bodyOf(Buffer.from(chunk.buffer, 99_990));
    expect(body).toEqual({ shown: Buffer.alloc(10), cutFromBytes: undefined });
    expect((body?.shown as Buffer).buffer).not.toBe(chunk.buffer);
  });

  it.each([
    ['a text', 'a'.repeat(40_000), 40_000],
    ['a text beyond ASCII', 'ä'.repeat(40_000), 80_000],
    ['bytes', Buffer.alloc(40_000, 'a'), 40_000],
  ])('is the beginning of %s that is large, in memory of its own', (_what, content, bytes) => {
    const body = bodyOf(content);
    expect(body?.cutFromBytes).toBe(bytes);
    expect(content.toString().startsWith(body?.shown.toString() ?? '-')).toBe(true);
    expect(body?.shown.length).toBeGreaterThanOrEqual(SHOWN_BYTES);
    expect(body?.shown.length).toBeLessThanOrEqual(2 * SHOWN_BYTES);
    if (Buffer.isBuffer(content)) expect((body?.shown as Buffer).buffer).not.toBe(content.buffer);
  });
});
