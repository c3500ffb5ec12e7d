import { describe, expect, it } from 'vitest';
import { RealClock, realNow, VirtualClock } from './clock.ts';
import { ManualTimers } from './testing.ts';

const START_MS = 1_000_000;

describe('the virtual clock', () => {
  it('stands still by itself', () => {
    const clock = new VirtualClock(START_MS);
    expect([clock.kind, clock.now(), clock.now()]).toEqual(['virtual', START_MS, START_MS]);
  });

  it('runs alarms in the order of their times, each at its own time, those of one time as they were set', async () => {
    const clock = new VirtualClock(START_MS);
    const ran: [string, number][] = [];
    const set = (name: string, atMs: number) => clock.alarm(atMs, () => void ran.push([name, clock.now() - START_MS]));
    set('c', START_MS + 30);
    set('a', START_MS + 10);
    set('b1', START_MS + 20);
    set('b2', START_MS + 20);
    set('later', START_MS + 41);
    await clock.advanceTo(START_MS + 40);
    expect(ran).toEqual([
      ['a', 10],
      ['b1', 20],
      ['b2', 20],
      ['c', 30],
    ]);
    expect(clock.now()).toBe(START_MS + 40);
  });

  it('runs what an alarm sets, when it is due by then, and waits for each', async () => {
    const clock = new VirtualClock(START_MS);
    const ran: number[] = [];
    const step = async (): Promise<void> => {
      await Promise.resolve();
      ran.push(clock.now() - START_MS);
      clock.alarm(clock.now() + 10, step);
    };
    clock.alarm(START_MS + 10, step);
    await clock.advanceTo(START_MS + 35);
    expect(ran).toEqual([10, 20, 30]);
  });

  it('runs an alarm of the past at the next move, without going back for it', async () => {
    const clock = new VirtualClock(START_MS);
    const ran: number[] = [];
    clock.alarm(START_MS - 5, () => void ran.push(clock.now()));
    await clock.advanceTo(START_MS);
    expect(ran).toEqual([START_MS]);
  });

  it('does not run what was cancelled, by another alarm neither', async () => {
    const clock = new VirtualClock(START_MS);
    const ran: string[] = [];
    const second = clock.alarm(START_MS + 2, () => void ran.push('second'));
    clock.alarm(START_MS + 1, () => second.cancel());
    await clock.advanceTo(START_MS + 9);
    expect(ran).toEqual([]);
  });

  it('ignores an advance into the past, and queues advances', async () => {
    const clock = new VirtualClock(START_MS);
    await Promise.all([clock.advanceTo(START_MS + 10), clock.advanceTo(START_MS + 5)]);
    expect(clock.now()).toBe(START_MS + 10);
  });

  it('goes back when it is set, and alarms wait for their time again', async () => {
    const clock = new VirtualClock(START_MS);
    const ran: string[] = [];
    clock.alarm(START_MS + 10, () => void ran.push('alarm'));
    await clock.set(START_MS - 100);
    expect(clock.now()).toBe(START_MS - 100);
    await clock.advanceTo(START_MS + 9);
    expect(ran).toEqual([]);
    await clock.set(START_MS + 10);
    expect(ran).toEqual(['alarm']);
  });

  it('goes on after an alarm that failed, and tells who moved it', async () => {
    const clock = new VirtualClock(START_MS);
    clock.alarm(START_MS + 1, () => Promise.reject(new Error('of the alarm')));
    await expect(clock.advanceTo(START_MS + 5)).rejects.toThrow('of the alarm');
    await clock.advanceTo(START_MS + 10);
    expect(clock.now()).toBe(START_MS + 10);
  });
});

describe('the real clock', () => {
  it('tells the time of the machine', () => {
    const before = realNow();
    const now = new RealClock(new ManualTimers()).now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(realNow());
  });

  it('runs an alarm of the past at once, of the future not yet, and none that was cancelled', () => {
    const timers = new ManualTimers();
    const clock = new RealClock(timers);
    const ran: string[] = [];
    clock.alarm(clock.now() - 1, () => void ran.push('past'));
    clock.alarm(clock.now() + 3_600_000, () => void ran.push('future'));
    clock.alarm(clock.now() - 1, () => void ran.push('cancelled')).cancel();
    timers.advance(0);
    expect(ran).toEqual(['past']);
    expect(timers.waiting).toBe(1);
  });

  it('goes by the time of the machine when a timer fires early', () => {
    const timers = new ManualTimers();
    const clock = new RealClock(timers);
    const ran: string[] = [];
    const alarm = clock.alarm(clock.now() + 3_600_000, () => void ran.push('early'));
    timers.advance(3_600_000);
    expect(ran).toEqual([]);
    expect(timers.waiting).toBe(1);
    alarm.cancel();
    expect(timers.waiting).toBe(0);
  });

  it('waits for years in pieces that a timer can hold', () => {
    const delays: number[] = [];
    const timers = new ManualTimers();
    const clock = new RealClock({
      monotonicMs: () => 0,
      every: (periodMs, action) => timers.every(periodMs, action),
      after: (delayMs, action) => {
        delays.push(delayMs);
        return timers.after(delayMs, action);
      },
    });
    clock.alarm(clock.now() + 10 * 365 * 86_400_000, () => undefined);
    timers.advance(delays[0] ?? 0);
    expect(delays).toHaveLength(2);
    for (const delayMs of delays) expect(delayMs).toBeLessThan(2 ** 31);
  });
});
