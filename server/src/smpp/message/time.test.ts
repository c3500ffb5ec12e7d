import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absoluteTime, compactTime, readCompactTime, readTime, relativeTime } from './time.ts';

const NOW = Date.UTC(2024, 0, 31, 12, 0, 0);
const DAY_MS = 86_400_000;

describe('a time of SMPP', () => {
  it.each([
    ['240301100000000+', Date.UTC(2024, 2, 1, 10)],
    ['240301100000704+', Date.UTC(2024, 2, 1, 9, 0, 0, 700)],
    ['240301100000020-', Date.UTC(2024, 2, 1, 15)],
    ['000001000000000R', NOW + DAY_MS],
    ['000000001530000R', NOW + 930_000],
    ['010000000000000R', Date.UTC(2025, 0, 31, 12)],
  ])('%s is understood', (text, atMs) => {
    expect(readTime(text, NOW)).toBe(atMs);
  });

  it.each(['', '0', '240301100000000', '240231100000000+', '241301100000000+', '240301240000000+', '240301100000049+', 'x40301100000000+'])(
    '%j is none',
    (text) => {
      expect(readTime(text, NOW)).toBeUndefined();
    },
  );

  it('comes back as it was written, absolute and relative', () => {
    const seconds = fc.integer({ min: Date.UTC(2000) / 1_000, max: Date.UTC(2099) / 1_000 });
    fc.assert(
      fc.property(seconds, (at) => {
        expect(readTime(absoluteTime(at * 1_000), NOW)).toBe(at * 1_000);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 31 * 86_400 }), (length) => {
        expect(readTime(relativeTime(length * 1_000), NOW)).toBe(NOW + length * 1_000);
      }),
    );
  });

  it('is never shorter than what it stands for, and has a longest', () => {
    expect(relativeTime(1)).toBe('000000000001000R');
    expect(() => relativeTime(31 * DAY_MS + 1)).toThrow(RangeError);
    expect(() => relativeTime(-1)).toThrow(RangeError);
  });

  it('is written compactly in receipts', () => {
    expect(compactTime(NOW, 'minutes')).toBe('2401311200');
    expect(readCompactTime(compactTime(NOW, 'seconds'))).toBe(NOW);
    expect(readCompactTime('')).toBeUndefined();
  });
});
