import { describe, expect, it } from 'vitest';
import { bodyOf } from './request-entry.ts';

const SHOWN_BYTES = 16_384;

describe('what is kept of a body', () => {
  it.each([undefined, '', Buffer.alloc(0)])('is nothing of %j', (content) => {
    expect(bodyOf(content)).toBeUndefined();
  });

  it('is all of a small text, as it is', () => {
    const content = 'a'.repeat(SHOWN_BYTES);
    expect(bodyOf(content)).toEqual({ shown: content, bytes: SHOWN_BYTES, isWhole: true });
  });

  it('is the text of a few bytes, with their number', () => {
    const chunk = Buffer.from(`secret ä \ufffd`);
    expect(bodyOf(chunk.subarray(7))).toEqual({ shown: 'ä \ufffd', bytes: 6, isWhole: true });
    expect(bodyOf(Buffer.of(0x61, 0xff))).toEqual({ shown: 'a\ufffd', bytes: 2, isWhole: true });
  });

  it.each([
    ['a text', 'a'.repeat(40_000), 40_000],
    ['a text beyond ASCII', 'ä'.repeat(40_000), 80_000],
    ['bytes', Buffer.alloc(40_000, 'a'), 40_000],
  ])('is the beginning of %s that is large', (_what, content, bytes) => {
    const body = bodyOf(content);
    expect(body).toMatchObject({ bytes, isWhole: false });
    expect(content.toString().startsWith(body?.shown ?? '-')).toBe(true);
    expect(body?.shown).toHaveLength(SHOWN_BYTES);
  });
});
