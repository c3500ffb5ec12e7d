import { describe, expect, it } from 'vitest';
import { ManualTimers, recordingLog } from '../../lib/testing.ts';
import type { SqlEngine } from '../../storage/index.ts';
import { FickleEngine, LASTING_ENGINES, openStorage, START_MS } from '../../storage/testing.ts';
import { eventMigrations } from '../migrations.ts';
import { LEASE_MS, Leases, RENEW_EVERY_MS } from './leases.ts';

describe.each(LASTING_ENGINES)('leases on $name', (store) => {
  async function twoWorkers(): Promise<{
    readonly one: Leases;
    readonly other: Leases;
    readonly pass: (ms: number, renewing: boolean) => Promise<void>;
    readonly [Symbol.asyncDispose]: () => Promise<void>;
  }> {
    const database = await store.open();
    let nowMs = START_MS;
    const timers = new ManualTimers();
    const { log } = recordingLog();
    const engine = new FickleEngine(database.engine);
    const worker = async (holder: string, on: SqlEngine): Promise<Leases> => {
      const storage = await openStorage({ engine: on, migrations: eventMigrations });
      return new Leases({ storage, timers: holder === 'one' ? timers : new ManualTimers(), log, realNow: () => nowMs, holder });
    };
    const one = await worker('one', engine);
    const other = await worker('other', database.openAnother());
    return {
      one,
      other,
      pass: async (ms, renewing) => {
        nowMs += ms;
        if (!renewing) return;
        timers.advance(ms);
        await engine.settled();
      },
      [Symbol.asyncDispose]: async () => database[Symbol.asyncDispose](),
    };
  }

  it('are held by one process, and free for others when it gives them back', async () => {
    await using workers = await twoWorkers();
    const { one, other } = workers;
    expect(await one.take('s')).toBe(true);
    expect(one.holds('s')).toBe(true);
    expect(await one.take('s')).toBe(true);
    expect(await other.take('s')).toBe(false);
    expect(other.holds('s')).toBe(false);
    await one.close();
    expect(await other.take('s')).toBe(true);
    expect(await one.take('s')).toBe(false);
  });

  it('last while their holder renews them, and are taken over when it does not any more', async () => {
    await using workers = await twoWorkers();
    const { one, other, pass } = workers;
    await one.take('s');
    for (let renewals = 0; renewals < 6; renewals += 1) await pass(RENEW_EVERY_MS, true);
    expect(one.holds('s')).toBe(true);
    expect(await other.take('s')).toBe(false);
    await pass(LEASE_MS, false);
    expect(one.holds('s')).toBe(false);
    expect(await other.take('s')).toBe(true);
    expect(await one.take('s')).toBe(false);
  });

  it('are free at once for a process that knows to be alone', async () => {
    await using workers = await twoWorkers();
    const { one, other } = workers;
    await one.take('s');
    await other.takeOver();
    expect(await other.take('s')).toBe(true);
  });
});
