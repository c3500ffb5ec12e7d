import { describe, expect, it } from 'vitest';
import { statement } from '../../storage/index.ts';
import { BOTH_ENGINES, START_MS } from '../../storage/testing.ts';
import type { EventTables } from '../migrations.ts';
import type { AttemptResult } from './attempt.ts';
import { DELIVERED, newDelivery, openWorker, SILENT, storedSubscription } from './testing.ts';

const REFUSED: AttemptResult = { outcome: 'BadRequest', status: 400 };
const sql = statement<EventTables>();
const deliveries = sql((db) => db.selectFrom('event_deliveries').select(['id', 'due_at', 'attempts']).orderBy('id'));
const letters = sql((db) => db.selectFrom('event_dead_letters').select(['id', 'due_at']).orderBy('id'));

const RESULTS = [
  { how: 'is taken', result: DELIVERED },
  { how: 'is to be tried again', result: SILENT },
  { how: 'is given up', result: REFUSED },
];

/** Names of snapshots are shared by all tests on one PostgreSQL database. */
let names = 0;

describe.each(BOTH_ENGINES)('a state that takes the place of another on $name', (engine) => {
  // What writes most will do for the one that takes its time.
  const results = engine.name === 'PostgreSQL' ? RESULTS.slice(-1) : RESULTS;

  /** A process that delivers to one subscription, calls nobody off, and has dead letters written as the test says. */
  async function open() {
    const database = await engine.open();
    const written: PromiseWithResolvers<void>[] = [];
    const write = (): Promise<void> => {
      const one = Promise.withResolvers<void>();
      written.push(one);
      return one.promise;
    };
    const worker = await openWorker({ engine: database.engine, place: { write } });
    const { storage } = worker;
    const subscription = await storedSubscription(storage);
    const start = async (): Promise<void> => {
      worker.deliveries.set([subscription]);
      await worker.deliveries.start({ isAlone: true });
    };
    await start();
    const endpoint = worker.endpointOf(subscription);
    endpoint.close = () => undefined;
    const name = `replaced-${names++}`;
    return {
      ...worker,
      subscription,
      endpoint,
      written,
      rows: async () => ({ deliveries: await storage.read.all(deliveries, {}), letters: await storage.read.all(letters, {}) }),
      save: () => storage.state.save({ name, note: '' }),
      restore: () => storage.state.restore(name, start),
      reset: () => storage.state.reset(() => worker.deliveries.start({ isAlone: true })),
      [Symbol.asyncDispose]: async () => {
        for (const { resolve } of written) resolve();
        await worker.deliveries.close();
        await storage.state.remove(name);
        await database[Symbol.asyncDispose]();
      },
    };
  }

  it.each(results)('knows nothing of an attempt of the old one, which $how, and makes its own', async ({ result }) => {
    await using worker = await open();
    const { endpoint, publish, subscription } = worker;
    const answerOld = endpoint.hang();
    const ids = await publish(subscription, [newDelivery(), newDelivery()]);
    await endpoint.begun(2);
    await worker.save();
    const saved = await worker.rows();
    expect(saved.deliveries.map(({ attempts }) => attempts)).toEqual([0, 0]);
    const answerNew = endpoint.hang();
    await worker.restore();
    await endpoint.begun(4);
    answerOld(result);
    await worker.database.settled();
    expect(await worker.rows()).toEqual(saved);

    answerNew();
    await worker.deliveries.idle();
    expect(await worker.rows()).toEqual({ deliveries: [], letters: [] });
    expect(endpoint.attempts.flat()).toEqual([...ids, ...ids]);
  });

  it.each(results)('is empty after a reset although an attempt of the old one $how', async ({ result }) => {
    await using worker = await open();
    const { endpoint, publish, subscription } = worker;
    const answer = endpoint.hang();
    await publish(subscription, [newDelivery(), newDelivery(), newDelivery()]);
    await endpoint.begun(2);
    await worker.reset();
    answer(result);
    await worker.database.settled();
    await worker.deliveries.idle();
    expect(await worker.rows()).toEqual({ deliveries: [], letters: [] });
    expect(endpoint.attempts).toHaveLength(2);
  });

  it('keeps a dead letter that was being written for the old one, and writes it again', async () => {
    await using worker = await open();
    const { endpoint, publish, subscription, clock, written } = worker;
    endpoint.answer = () => REFUSED;
    await publish(subscription, [newDelivery()]);
    await worker.deliveries.idle();
    await worker.save();
    const saved = await worker.rows();
    expect(saved.letters).toHaveLength(1);
    const passing = clock.advanceTo(START_MS + 1);
    await expect.poll(() => written.length, { timeout: 15_000 }).toBe(1);
    await worker.restore();
    written[0]!.resolve();
    await expect.poll(() => written.length, { timeout: 15_000 }).toBe(2);
    expect(await worker.rows()).toEqual(saved);
    written[1]!.resolve();
    await passing;
    expect(await worker.rows()).toEqual({ deliveries: [], letters: [] });
  });
});
