import { describe, expect, it } from 'vitest';
import { statement } from '../../storage/index.ts';
import { BOTH_ENGINES, START_MS } from '../../storage/testing.ts';
import type { EventTables } from '../migrations.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { SubscriptionStore } from '../subscriptions/subscription-store.ts';
import { PURGE_SUBSCRIPTION } from '../subscriptions/subscription-shelf.ts';
import { newDelivery, newSubscription, openWorker, SILENT, storedSubscription } from './testing.ts';

const HOUR_MS = 3_600_000;
const sql = statement<EventTables>();
const leases = sql((db) => db.selectFrom('event_leases').select('subscription_id').orderBy('subscription_id'));
const letters = sql((db) => db.selectFrom('event_dead_letters').select('id').orderBy('id'));

describe.each(BOTH_ENGINES)('what waits in the outbox, on $name', (engine) => {
  async function open() {
    const database = await engine.open();
    const worker = await openWorker({ engine: database.engine, place: { write: () => Promise.reject(new Error('no place')) } });
    return {
      ...worker,
      leases: async () => (await worker.storage.read.all(leases, {})).map(({ subscription_id }) => subscription_id),
      letters: async () => (await worker.storage.read.all(letters, {})).map(({ id }) => id),
      [Symbol.asyncDispose]: async () => {
        await worker.deliveries.close();
        await database[Symbol.asyncDispose]();
      },
    };
  }

  it('is given up, and not attempted, by a start after its time', async () => {
    await using worker = await open();
    const { deliveries, clock, publish } = worker;
    const subscription = await storedSubscription(worker.storage);
    deliveries.set([subscription]);
    const endpoint = worker.endpointOf(subscription);
    endpoint.answer = () => SILENT;
    const [early] = await publish(subscription, [newDelivery()]);
    const [late] = await publish(subscription, [{ ...newDelivery(), publishedAtMs: START_MS + HOUR_MS }]);
    await deliveries.close();
    endpoint.attempts.length = 0;

    const next = await openWorker({ engine: worker.database, clock, place: { write: () => Promise.resolve() } });
    await clock.set(START_MS + 24 * HOUR_MS);
    next.deliveries.set([subscription]);
    await next.deliveries.start({ isAlone: true });
    await next.deliveries.idle();
    expect(next.endpointOf(subscription).attempts).toEqual([[late]]);
    expect(await worker.letters()).toEqual([early]);
    expect(await deliveries.allWaiting()).toEqual(new Map());
    await next.deliveries.close();
  });

  it('goes with a subscription that is not stored any more, at a start and whenever it is met, with its lease', async () => {
    await using worker = await open();
    const { deliveries, publish, storage } = worker;
    const [gone, ended, stored] = [newSubscription(), await storedSubscription(storage), await storedSubscription(storage)];
    deliveries.set([gone, ended, stored]);
    for (const subscription of [gone, ended, stored])
      for (const result of [{ outcome: 'BadRequest', status: 400 }, SILENT] as const) {
        worker.endpointOf(subscription).answer = () => result;
        await publish(subscription, [newDelivery()]);
        await deliveries.idle();
      }
    /** For each of these subscriptions one event waits, and one dead letter, under its lease. */
    const expectWaiting = async (...of: readonly Subscription[]): Promise<void> => {
      const ids = of.map(({ id }) => id).sort();
      expect([...(await deliveries.allWaiting()).keys()].sort()).toEqual(ids);
      expect(await worker.letters()).toHaveLength(of.length);
      expect(await worker.leases()).toEqual(ids);
    };
    await expectWaiting(gone, ended, stored);

    deliveries.remove(gone);
    await deliveries.start({ isAlone: true });
    await deliveries.idle();
    await expectWaiting(ended, stored);

    await storage.write(async (tx) => {
      await new SubscriptionStore(storage.keys).remove(tx, ended.id);
      await storage.due.schedule(tx, { kind: PURGE_SUBSCRIPTION, dueAtMs: START_MS, payload: { subscriptionId: ended.id } });
    });
    deliveries.remove(ended);
    await storage.due.runDue();
    await expectWaiting(stored);

    // Queued while its subscription ended.
    await publish(ended, [newDelivery()]);
    await worker.database.settled();
    await expectWaiting(stored);
  });

  it('stays for a subscription that is stored and not known here, and goes where it is not stored either', async () => {
    await using worker = await open();
    const { deliveries, publish } = worker;
    const subscription = await storedSubscription(worker.storage);
    await publish(subscription, [newDelivery()]);
    const delivery = newDelivery();
    await worker.storage.write((tx) =>
      deliveries.insert(tx, { subscriptionId: 'unknown', delivery, text: JSON.stringify(delivery.event) }),
    );
    await deliveries.start({ isAlone: true });
    await deliveries.idle();
    expect(await deliveries.allWaiting()).toEqual(new Map([[subscription.id, 1]]));
    deliveries.put(subscription);
    await deliveries.idle();
    expect(await deliveries.waiting(subscription.id)).toBe(0);
  });
});
