import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../lib/clock.ts';
import { statement } from '../storage/index.ts';
import { afterHooks, ENGINES, openStorage, START_MS, type TestEngine } from '../storage/testing.ts';
import { Repeatability, repeatabilityMigrations } from './repeatability.ts';

const HOUR_MS = 3_600_000;
const FIRST = { caller: 'ann', requestId: 'r1', fingerprint: 'create abc' };

const kept = statement<{ repeatability: { request_id: string } }>()((db, _: Record<never, never>) =>
  db.selectFrom('repeatability').select('request_id').orderBy('request_id'),
);

async function setUp(engine: TestEngine) {
  const database = await engine.open();
  const clock = new VirtualClock(START_MS);
  const storage = await openStorage({ engine: database.engine, migrations: repeatabilityMigrations, clock });
  const repeatability = new Repeatability({ clock, storage });
  let effects = 0;
  const once = (request = FIRST, effect: () => Promise<unknown> = () => Promise.resolve({ no: ++effects })) =>
    storage.write((tx) => repeatability.once(tx, request, effect));
  return {
    clock,
    once,
    repeatability,
    storage,
    effects: () => effects,
    [Symbol.asyncDispose]: async () => {
      await storage.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

describe.each(ENGINES)('a repeatable request on $name', (engine) => {
  it('takes effect once, and is answered with its first result', async () => {
    await using store = await setUp(engine);
    expect(await store.once()).toEqual({ result: { no: 1 }, repeated: false });
    expect(await store.once()).toEqual({ result: { no: 1 }, repeated: true });
    expect(store.effects()).toBe(1);
  });

  it('takes effect once when it arrives several times at once', async () => {
    await using store = await setUp(engine);
    const answers = await Promise.all(Array.from({ length: 8 }, () => store.once()));
    expect(answers.map(({ result }) => result)).toEqual(Array.from({ length: 8 }, () => ({ no: 1 })));
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
  });

  it('is another one with another id, and by another caller', async () => {
    await using store = await setUp(engine);
    await store.once();
    expect(await store.once({ ...FIRST, requestId: 'r2' })).toMatchObject({ repeated: false });
    expect(await store.once({ ...FIRST, caller: 'bob' })).toMatchObject({ repeated: false });
    expect(store.effects()).toBe(3);
  });

  it('is refused when its id was used for another content', async () => {
    await using store = await setUp(engine);
    await store.once();
    await expect(store.once({ ...FIRST, fingerprint: 'create xyz' })).rejects.toMatchObject({
      status: 400,
      target: 'repeatability-request-id',
      explanation: { rule: 'repeatability.mismatch' },
    });
    expect(store.effects()).toBe(1);
  });

  it('that failed leaves nothing behind, and may be sent again', async () => {
    await using store = await setUp(engine);
    await expect(store.once(FIRST, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await store.once()).toEqual({ result: { no: 1 }, repeated: false });
  });

  it('is remembered for a day, and forgotten within the hour after it', async () => {
    await using store = await setUp(engine);
    await store.storage.due.runDue();
    await store.once();
    await store.once({ ...FIRST, requestId: 'r2' });
    await afterHooks();
    await store.clock.advanceTo(START_MS + 24 * HOUR_MS - 1);
    expect(await store.storage.read.all(kept, {})).toHaveLength(2);
    await store.clock.advanceTo(START_MS + 25 * HOUR_MS);
    expect(await store.storage.read.all(kept, {})).toEqual([]);
  });

  it('is forgotten in bounded steps, however many there are', async () => {
    await using store = await setUp(engine);
    await store.storage.write(async (tx) => {
      for (let i = 0; i < 1_100; i++) await store.repeatability.once(tx, { ...FIRST, requestId: `r${i}` }, () => Promise.resolve(null));
    });
    const write = vi.spyOn(store.storage, 'write');
    await store.storage.due.runDue();
    await store.clock.advanceTo(START_MS + 25 * HOUR_MS);
    expect(await store.storage.read.all(kept, {})).toEqual([]);
    expect(write).toHaveBeenCalledTimes(3);
  });
});
