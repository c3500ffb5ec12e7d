import { describe, expect, it } from 'vitest';
import { readFrames, textFrame } from './frames.ts';

const mask = [1, 2, 3, 4];

function clientFrame(text: string): Buffer {
  const length = text.length < 126 ? [0x80 | text.length] : [0xfe, text.length >> 8, text.length & 0xff];
  return Buffer.from([0x81, ...length, ...mask, ...Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

function read(data: Buffer): { readonly texts: string[]; readonly taken: number | undefined } {
  const texts: string[] = [];
  return { texts, taken: readFrames(data, (text) => texts.push(text)) };
}

describe('readFrames', () => {
  it('unmasks every whole frame and leaves the rest', () => {
    const whole = Buffer.concat([clientFrame('one'), clientFrame(''), clientFrame('x'.repeat(300))]);
    const data = Buffer.concat([whole, clientFrame('cut off').subarray(0, 9)]);
    expect(read(data)).toEqual({ texts: ['one', '', 'x'.repeat(300)], taken: whole.length });
  });

  it('refuses frames that no client of the bench sends', () => {
    const [close, unmasked] = [clientFrame('bye'), clientFrame('open')];
    close[0] = 0x88;
    unmasked[1] = 4;
    expect(read(close).taken).toBeUndefined();
    expect(read(unmasked).taken).toBeUndefined();
  });
});

describe('textFrame', () => {
  it('writes the length in front, in two bytes when it needs them', () => {
    expect(textFrame('abc')).toBe('\x81\x03abc');
    expect(textFrame('x'.repeat(300))).toBe(`\x81\x7e\x01\x2c${'x'.repeat(300)}`);
  });
});
