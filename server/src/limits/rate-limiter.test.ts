import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../lib/clock.ts';
import { Limits } from './limits.ts';
import { RateLimiter } from './rate-limiter.ts';
import { LIMITS, type RateName } from './table.ts';

const START_MS = Date.UTC(2026, 0, 15, 10);
const RATE: RateName = 'identity.create-rate';
const WINDOW_MS = LIMITS[RATE].windowSeconds * 1_000;

function setUp(most: number | null = 2) {
  const clock = new VirtualClock(START_MS);
  const rates = new RateLimiter(clock);
  const limits = new Limits({ preset: 'custom', values: { [RATE]: most } });
  const take = (key = 'ann'): unknown => {
    try {
      rates.take(limits, RATE, key);
      return 'taken';
    } catch (error) {
      return error;
    }
  };
  return { clock, take };
}

describe('R120: a rate', () => {
  it('refuses what is above it, tells when to come back, and then takes again', async () => {
    const { clock, take } = setUp();
    expect([take(), take()]).toEqual(['taken', 'taken']);
    await clock.advanceTo(START_MS + WINDOW_MS - 1_500);
    expect(take()).toMatchObject({ status: 429, code: 'TooManyRequests', retryAfterSeconds: 2, explanation: { rule: `limit.${RATE}` } });
    await clock.advanceTo(START_MS + WINDOW_MS);
    expect([take(), take()]).toEqual(['taken', 'taken']);
    expect(take()).toMatchObject({ status: 429 });
  });

  it('is of each key alone', () => {
    const { take } = setUp(1);
    expect([take('ann'), take('bob')]).toEqual(['taken', 'taken']);
    expect(take('ann')).toMatchObject({ status: 429 });
  });

  it('does not count what it refused', async () => {
    const { clock, take } = setUp(1);
    take();
    for (let i = 0; i < 5; i++) expect(take()).toMatchObject({ status: 429 });
    await clock.advanceTo(START_MS + WINDOW_MS);
    expect(take()).toBe('taken');
  });

  it('that is none refuses nothing', () => {
    const { take } = setUp(null);
    for (let i = 0; i < 100; i++) expect(take()).toBe('taken');
  });

  it('of several counts nothing where one of them refuses', () => {
    const clock = new VirtualClock(START_MS);
    const rates = new RateLimiter(clock);
    const limits = new Limits({ preset: 'custom', values: { [RATE]: 1, 'identity.token-rate': 2 } });
    const both = [{ name: 'identity.token-rate', key: 'ann' } as const, { name: RATE, key: 'ann' } as const];
    rates.takeAll(limits, both);
    expect(() => rates.takeAll(limits, both)).toThrow(/identity\.create-rate/);
    rates.take(limits, 'identity.token-rate', 'ann');
    expect(() => rates.take(limits, 'identity.token-rate', 'ann')).toThrow(/identity\.token-rate/);
  });

  it('counts what a call brings, and takes one that brings too much when nothing was before it', async () => {
    const clock = new VirtualClock(START_MS);
    const rates = new RateLimiter(clock);
    const limits = new Limits({ preset: 'custom', values: { 'events.publish-rate': 10 } });
    const take = (amount: number) => rates.takeAll(limits, [{ name: 'events.publish-rate', key: 'topic', amount }]);
    take(4);
    take(6);
    expect(() => take(1)).toThrow(/More than 10 events in 1 s: limit events\.publish-rate/);
    await clock.advanceTo(START_MS + 1_000);
    take(9);
    expect(() => take(2)).toThrow(/events\.publish-rate/);
    take(1);
    await clock.advanceTo(START_MS + 2_000);
    take(11);
    expect(() => take(1)).toThrow(/events\.publish-rate/);
  });

  it('of nothing takes nothing', () => {
    expect(setUp(0).take()).toMatchObject({ status: 429 });
  });

  it('is known to be limited or not without asking for each', () => {
    expect(new Limits({ preset: 'handbook' }).rated).toEqual(new Set(['sms']));
    expect(new Limits({ preset: 'azure' }).rated).toContain('chat');
    expect(new Limits({ preset: 'custom', values: { [RATE]: 5 } }).rated).toContain('identity');
  });

  it('is not prolonged by a clock that goes back', async () => {
    const { clock, take } = setUp(1);
    take();
    await clock.set(START_MS - 10 * WINDOW_MS);
    expect(take()).toBe('taken');
    expect(take()).toMatchObject({ status: 429, retryAfterSeconds: WINDOW_MS / 1_000 });
  });
});
