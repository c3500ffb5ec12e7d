import { describe, expect, it } from 'vitest';
import { AllowedRate } from './allowed-rate.ts';

const MINUTE_MS = 60_000;

/** Requests of an endpoint's minute when there are always more, and the most of them in one millisecond. */
function spend(perMinute: number): { readonly total: number; readonly atOnce: number } {
  const rate = new AllowedRate(perMinute);
  let total = 0;
  let atOnce = 0;
  for (let nowMs = 0; nowMs < MINUTE_MS;) {
    let taken = 0;
    let nextMs = rate.take(nowMs);
    for (; nextMs === undefined; nextMs = rate.take(nowMs)) taken += 1;
    expect(nextMs).toBeGreaterThan(nowMs);
    total += taken;
    atOnce = Math.max(atOnce, taken);
    nowMs = nextMs;
  }
  return { total, atOnce };
}

describe('an allowed rate', () => {
  it.each([1, 7, 60, 600, 10_000])('of %d a minute is used and kept', (perMinute) => {
    const { total, atOnce } = spend(perMinute);
    const second = Math.ceil(perMinute / 60);
    expect(total).toBeGreaterThanOrEqual(perMinute);
    expect(total).toBeLessThanOrEqual(perMinute + second);
    expect(atOnce).toBeLessThanOrEqual(second);
  });

  it('is not held up by a clock that was set back', () => {
    const rate = new AllowedRate(60);
    expect(rate.take(10 * MINUTE_MS)).toBeUndefined();
    expect(rate.take(0)).toBe(1_000);
    expect(rate.take(1_000)).toBeUndefined();
  });
});
