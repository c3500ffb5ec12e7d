import { describe, expect, it } from 'vitest';
import { closeFrame, isSendableCloseCode, pingFrame, pongFrame, textFrameHeader } from './frame.ts';

describe('textFrameHeader', () => {
  it.each([
    [0, [0x81, 0]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 0xff, 0xff]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
    [2 ** 32 + 5, [0x81, 127, 0, 0, 0, 1, 0, 0, 0, 5]],
  ])('writes a length of %d in its shortest form', (byteLength, bytes) => {
    expect([...Buffer.from(textFrameHeader(byteLength), 'latin1')]).toEqual(bytes);
  });
});

describe('control frames', () => {
  it('carry code and reason when closing', () => {
    expect(closeFrame(1001, 'bye').toString('hex')).toBe('880503e9627965');
  });

  it('close without payload when there is no code', () => {
    expect([...closeFrame()]).toEqual([0x88, 0]);
  });

  it('cut a long reason between characters', () => {
    const frame = closeFrame(1000, 'é'.repeat(100));
    expect(frame.length).toBe(2 + 2 + 122);
    expect(frame.subarray(4).toString()).toBe('é'.repeat(61));
  });

  it.each([0, 999, 1004, 1005, 1006, 1015, 2999, 5000])('never carry close code %d', (code) => {
    expect(isSendableCloseCode(code)).toBe(false);
    expect(() => closeFrame(code)).toThrow(RangeError);
  });

  it('ping with nothing and answer with what was sent', () => {
    expect([...pingFrame()]).toEqual([0x89, 0]);
    expect([...pongFrame(Buffer.of(1, 2))]).toEqual([0x8a, 2, 1, 2]);
    expect(() => pongFrame(Buffer.alloc(126))).toThrow(RangeError);
  });
});
