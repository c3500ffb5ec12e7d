import { describe, expect, it } from 'vitest';
import { GrowingBuffer } from './growing-buffer.ts';

describe('GrowingBuffer', () => {
  it('gathers chunks in order and lets go of them', () => {
    const buffer = new GrowingBuffer();
    for (const part of ['one ', 'two ', 'x'.repeat(1_000)]) buffer.append(Buffer.from(part), 2_000);
    expect(buffer.bytes.toString()).toBe(`one two ${'x'.repeat(1_000)}`);
    buffer.clear();
    expect(buffer.length).toBe(0);
    expect(buffer.bytes.length).toBe(0);
  });

  it('keeps memory in proportion to what arrived, not to what was announced', () => {
    const buffer = new GrowingBuffer();
    for (let i = 0; i < 100_000; i++) buffer.append(Buffer.of(1), 100_000_000);
    expect(buffer.length).toBe(100_000);
    expect(buffer.bytes.buffer.byteLength).toBeLessThanOrEqual(200_000);
  });

  it('does not grow past what will ever be needed', () => {
    const buffer = new GrowingBuffer();
    for (let i = 0; i < 100_000; i++) buffer.append(Buffer.of(1), 100_000);
    expect(buffer.bytes.buffer.byteLength).toBe(100_000);
  });
});
