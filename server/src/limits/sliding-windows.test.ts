import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../lib/clock.ts';
import type { ApiError } from '../lib/errors.ts';
import { Limits } from './limits.ts';
import { SlidingWindows } from './sliding-windows.ts';
import type { RateName } from './table.ts';

const START_MS = Date.UTC(2026, 0, 15, 10);
const RATE: RateName = 'sms.number-rate';

function setUp(values: Readonly<Record<string, number | null>> = {}) {
  const clock = new VirtualClock(START_MS);
  const windows = new SlidingWindows(clock);
  const limits = new Limits({ preset: 'custom', values });
  /** Undefined when it was taken, else after how many seconds it may come again. */
  const take = (amount: number, key = '+1', name: RateName = RATE): number | undefined => {
    try {
      windows.takeAll(limits, [name], { key, amount });
      return undefined;
    } catch (error) {
      expect(error).toMatchObject({ status: 429, explanation: { rule: `limit.${name}` } });
      return (error as ApiError).retryAfterSeconds;
    }
  };
  return { clock, windows, take, at: (ms: number) => clock.advanceTo(START_MS + ms) };
}

describe('R57: a rate that slides', () => {
  it('refuses what is above it in any span, wherever that begins', async () => {
    const { take, at } = setUp();
    expect(take(60)).toBeUndefined();
    await at(900);
    expect(take(40)).toBeUndefined();
    await at(999);
    expect(take(1)).toBe(1);
    await at(1_000);
    expect(take(61)).toBe(1);
    expect(take(60)).toBeUndefined();
    expect(take(1)).toBe(1);
    await at(1_900);
    expect(take(40)).toBeUndefined();
  });

  it('takes all of an amount or nothing', async () => {
    const { take, at } = setUp();
    expect([take(99), take(2), take(1), take(1)]).toEqual([undefined, 1, undefined, 1]);
    await at(1_000);
    expect(take(100)).toBeUndefined();
  });

  it('tells in how many seconds an amount would pass', async () => {
    const { take, at } = setUp({ 'sms.toll-free-rate': 200 });
    const send = (amount: number): number | undefined => take(amount, '+1', 'sms.toll-free-rate');
    expect(send(150)).toBeUndefined();
    await at(20_000);
    expect(send(50)).toBeUndefined();
    await at(30_500);
    expect(send(150)).toBe(30);
    expect(send(151)).toBe(50);
    await at(60_000);
    expect(send(150)).toBeUndefined();
  });

  it('of several takes nothing where one of them refuses', () => {
    const clock = new VirtualClock(START_MS);
    const windows = new SlidingWindows(clock);
    const limits = new Limits({ preset: 'custom', values: { 'sms.toll-free-rate': 5 } });
    const both = [RATE, 'sms.toll-free-rate'] as const;
    windows.takeAll(limits, both, { key: '+1', amount: 5 });
    expect(() => windows.takeAll(limits, both, { key: '+1', amount: 1 })).toThrow(/sms\.toll-free-rate/);
    windows.takeAll(limits, [RATE], { key: '+1', amount: 95 });
    expect(() => windows.takeAll(limits, [RATE], { key: '+1', amount: 1 })).toThrow(/sms\.number-rate/);
  });

  it('is of each key alone, and of amounts that are nothing', () => {
    const { take } = setUp();
    expect([take(100, '+1'), take(100, '+2'), take(1, '+2'), take(0, '+2')]).toEqual([undefined, undefined, 1, undefined]);
  });

  it('lets pass alone what is more than a whole span holds', async () => {
    const { take, at } = setUp({ [RATE]: 10 });
    expect([take(25), take(1)]).toEqual([undefined, 1]);
    await at(1_000);
    expect([take(1), take(25)]).toEqual([undefined, 1]);
    await at(2_000);
    expect(take(25)).toBeUndefined();
  });

  it('of nothing takes nothing', () => {
    expect(setUp({ [RATE]: 0 }).take(1)).toBe(1);
  });

  it('is not prolonged by a clock that goes back', async () => {
    const { clock, take } = setUp();
    take(100);
    await clock.set(START_MS - 60_000);
    expect([take(100), take(1)]).toEqual([undefined, 1]);
  });

  it('is forgotten with everything else', () => {
    const { windows, take } = setUp();
    take(100);
    windows.clear();
    expect(take(100)).toBeUndefined();
  });
});
