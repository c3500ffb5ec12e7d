import { describe, expect, it } from 'vitest';
import type { Random } from '../../lib/random.ts';
import { backOffMs } from './back-off.ts';

const BACK_OFF = { firstMs: 1_000, mostMs: 60_000 };

function waits(byte: number): number[] {
  const random: Random = { bytes: (length) => Buffer.alloc(length, byte) };
  return [1, 2, 3, 6, 7, 8, 100, 10_000].map((failures) => backOffMs(BACK_OFF, failures, random));
}

describe('the wait before another attempt', () => {
  it('doubles up to the longest', () => {
    expect(waits(0xff)).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  });

  it('is at least half of that', () => {
    expect(waits(0)).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000, 30_000]);
  });
});
