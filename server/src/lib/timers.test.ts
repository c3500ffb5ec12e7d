import { describe, expect, it } from 'vitest';
import { realTimers } from './timers.ts';

describe('real timers', () => {
  it('run once after a delay, and again and again in a period, until they are cancelled', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let ticks = 0;
    const ticking = realTimers.every(1, () => {
      ticks += 1;
      if (ticks < 3) return;
      ticking.cancel();
      realTimers.after(1, resolve);
    });
    realTimers.after(1, () => expect.unreachable('it was cancelled')).cancel();
    const before = realTimers.monotonicMs();
    await promise;
    expect(ticks).toBe(3);
    expect(realTimers.monotonicMs()).toBeGreaterThan(before);
  });
});
