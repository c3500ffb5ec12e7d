import { describe, expect, it } from 'vitest';
import { SystemRandom } from './random.ts';
import { RisingUuids } from './rising-uuids.ts';

const VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const AT_MS = 1_790_000_000_000;

describe('rising UUIDs', () => {
  it('stand in the order of their making, also thousands of one millisecond, and have the form of version 7', () => {
    const uuids = new RisingUuids({ random: new SystemRandom(), realNow: () => AT_MS });
    const made = Array.from({ length: 50_000 }, () => uuids.next());
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
    expect(made.filter((uuid) => !VERSION_7.test(uuid))).toEqual([]);
    expect(made[0]?.startsWith(`${AT_MS.toString(16).padStart(12, '0').slice(0, 8)}-`)).toBe(true);
  });

  it('go on where they were when the clock goes back', () => {
    let nowMs = AT_MS;
    const uuids = new RisingUuids({ random: new SystemRandom(), realNow: () => nowMs });
    const before = uuids.next();
    nowMs -= 10_000;
    expect(uuids.next() > before).toBe(true);
  });

  it('are not those of another process that makes them at the same time', () => {
    const make = (): string => new RisingUuids({ random: new SystemRandom(), realNow: () => AT_MS }).next();
    expect(make()).not.toBe(make());
  });
});
