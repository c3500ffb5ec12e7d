import { describe, expect, it } from 'vitest';
import { VirtualClock } from './clock.ts';
import { Deadlines } from './deadlines.ts';

function setUp() {
  const clock = new VirtualClock(1_000);
  const due: string[] = [];
  return { clock, due, deadlines: new Deadlines<string>(clock, (item) => due.push(`${item} at ${clock.now()}`)) };
}

describe('deadlines', () => {
  it('call back for each item at its time, once', async () => {
    const { clock, due, deadlines } = setUp();
    for (const [item, atMs] of [
      ['late', 5_000],
      ['a', 2_000],
      ['b', 2_000],
    ] as const)
      deadlines.add(item, atMs);
    await clock.advanceTo(1_999);
    expect(due).toEqual([]);
    await clock.advanceTo(9_000);
    expect(due).toEqual(['a at 2000', 'b at 2000', 'late at 5000']);
    await clock.advanceTo(19_000);
    expect(due).toHaveLength(3);
  });

  it('leave out what was removed, and nothing else of the same time', async () => {
    const { clock, due, deadlines } = setUp();
    deadlines.add('a', 2_000);
    deadlines.add('b', 2_000);
    deadlines.add('c', 3_000);
    deadlines.remove('a', 2_000);
    deadlines.remove('b', 3_000);
    deadlines.remove('c', 3_000);
    deadlines.remove('c', 3_000);
    await clock.advanceTo(9_000);
    expect(due).toEqual(['b at 2000']);
  });

  it('take an item again for another time, also while it is called back', async () => {
    const clock = new VirtualClock(0);
    const times: number[] = [];
    const deadlines = new Deadlines<string>(clock, (item) => {
      times.push(clock.now());
      if (times.length < 3) deadlines.add(item, clock.now() + 10);
    });
    deadlines.add('again', 10);
    await clock.advanceTo(100);
    expect(times).toEqual([10, 20, 30]);
  });
});
