import { describe, expect, it } from 'vitest';
import { statement } from '../../storage/index.ts';
import { BOTH_ENGINES, START_MS, type TestEngine } from '../../storage/testing.ts';
import type { EventTables } from '../migrations.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { Delivery } from './attempt.ts';
import { MOST_ATTEMPTS } from './attempt-shares.ts';
import { newDelivery, newSubscription, openWorker, SILENT, storedSubscription, type TestEndpoint, type Worker } from './testing.ts';

const MEGABYTE = 1024 * 1024;
const SQLITE = BOTH_ENGINES[0] as TestEngine;
const removeAll = statement<EventTables>()((db) => db.deleteFrom('event_deliveries'));

const many = (count: number, make = newDelivery): readonly Delivery[] => Array.from({ length: count }, () => make());
const attempted = (endpoints: readonly TestEndpoint[]): number => endpoints.reduce((sum, { attempts }) => sum + attempts.flat().length, 0);

/** Lanes whose endpoints hang. */
async function openHanging(engine: TestEngine, count: number) {
  const database = await engine.open();
  const worker = await openWorker({ engine: database.engine });
  const subscriptions: Subscription[] = [];
  while (subscriptions.length < count) subscriptions.push(await storedSubscription(worker.storage));
  worker.deliveries.set(subscriptions);
  const endpoints = subscriptions.map(worker.endpointOf);
  const answers = endpoints.map((endpoint) => endpoint.hang());
  return {
    ...worker,
    subscriptions,
    endpoints,
    answer: async () => {
      for (const answer of answers) answer();
      await worker.deliveries.idle();
    },
    [Symbol.asyncDispose]: async () => {
      for (const answer of answers) answer();
      await worker.deliveries.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Of what was queued only what is in memory is left to be attempted. */
const emptyStore = ({ storage }: Worker): Promise<unknown> => storage.write((tx) => tx.run(removeAll, {}));

describe('memory of lanes whose endpoints hang', () => {
  it.each([
    { what: '5,000 events for each', lanes: 1, published: 5_100, bytes: 1, held: 5_000 },
    { what: '64 MB for all together', lanes: 3, published: 30, bytes: MEGABYTE, held: 64 },
  ])('is $what, and the rest comes from the store', async ({ lanes, published, bytes, held }) => {
    await using worker = await openHanging(SQLITE, lanes);
    const publish = async () => {
      for (const subscription of worker.subscriptions)
        await worker.publish(
          subscription,
          many(published, () => ({ ...newDelivery(), bytes })),
        );
    };
    await publish();
    await Promise.all(worker.endpoints.map((endpoint) => endpoint.begun(2)));
    await emptyStore(worker);
    await worker.answer();
    expect(attempted(worker.endpoints)).toBe(held);

    for (const endpoint of worker.endpoints) endpoint.attempts.length = 0;
    const answers = worker.endpoints.map((endpoint) => endpoint.hang());
    await publish();
    for (const answer of answers) answer();
    await worker.deliveries.idle();
    expect(attempted(worker.endpoints)).toBe(lanes * published);
  });

  it.each(BOTH_ENGINES)('is 256 kB of what is read at once from $name, or a single event', async (engine) => {
    await using worker = await openHanging(engine, 3);
    const [some, large, small] = worker.subscriptions;
    const before = await openWorker({ engine: worker.database });
    await before.publish(
      some!,
      many(10, () => newDelivery('a'.repeat(80_000))),
    );
    await before.publish(
      large!,
      many(4, () => newDelivery('a'.repeat(400_000))),
    );
    await before.publish(small!, many(300));
    await worker.deliveries.start({ isAlone: true });
    await Promise.all(worker.endpoints.map((endpoint) => endpoint.begun(2)));
    await emptyStore(worker);
    await worker.answer();
    expect(worker.endpoints.map(({ attempts }) => attempts.length)).toEqual([3, 2, 200]);
  });
});

describe('attempts at once', () => {
  const LANES = 150;

  it('are 256, and 64 of lanes that are slow, which wait for each other and hold up nobody else', async () => {
    await using database = await SQLITE.open();
    const { deliveries, publish, endpointOf, clock } = await openWorker({ engine: database.engine });
    const subscriptions = Array.from({ length: LANES }, () => newSubscription());
    const healthy = newSubscription();
    deliveries.set([...subscriptions, healthy]);
    await deliveries.start({ isAlone: true });
    const endpoints = subscriptions.map(endpointOf);
    const underWay = (): number => endpoints.reduce((sum, endpoint) => sum + endpoint.underWay, 0);
    const hang = (): ReturnType<TestEndpoint['hang']>[] => endpoints.map((endpoint) => endpoint.hang());
    const reach = async (to: Subscription): Promise<void> => {
      const [id] = await publish(to, [newDelivery()]);
      const endpoint = endpointOf(to);
      while (!endpoint.attempts.flat().includes(id!)) await endpoint.begun(endpoint.attempts.length + 1);
    };

    const oneForEach = async (): Promise<void> => {
      for (const subscription of subscriptions) await publish(subscription, [newDelivery()]);
    };

    // While their endpoints answer, lanes become wide.
    for (let round = 0; round < 3; round += 1) await oneForEach();
    await deliveries.idle();
    let answers = hang();
    for (let round = 0; round < 4; round += 1) await oneForEach();
    expect(underWay()).toBe(MOST_ATTEMPTS.steady);

    for (const answer of answers) answer(SILENT);
    answers = hang();
    for (let sent = 0; sent < 50; sent += 1) await reach(healthy);
    expect(underWay()).toBe(MOST_ATTEMPTS.slow);

    for (const answer of answers) answer();
    await deliveries.idle();
    await clock.advanceTo(START_MS + 3_600_000);
    expect(underWay()).toBe(0);
    expect(await deliveries.allWaiting()).toEqual(new Map());
    await deliveries.close();
  });
});
