import { describe, expect, it } from 'vitest';
import { LASTING_ENGINES, START_MS } from '../../storage/testing.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { LEASE_MS, RENEW_EVERY_MS } from './leases.ts';
import { newDelivery, newSubscription, openWorker, type Worker } from './testing.ts';

const LOOK_EVERY_MS = 5_000;

describe.each(LASTING_ENGINES)('two processes that deliver from one database, $name', (store) => {
  async function open(subscriptions: readonly Subscription[]) {
    const database = await store.open();
    let nowMs = START_MS;
    const realNow = () => nowMs;
    const one = await openWorker({ engine: database.engine, realNow, seed: 'one' });
    const other = await openWorker({ engine: database.openAnother(), realNow, seed: 'other' });
    for (const { deliveries } of [one, other]) {
      deliveries.set(subscriptions);
      await deliveries.start({ isAlone: false });
      await deliveries.idle();
    }
    return {
      one,
      other,
      /** Time goes on for processes that live, one after the other: SQLite takes one writer at a time. */
      pass: async (ms: number, ...living: readonly Worker[]) => {
        nowMs += ms;
        for (const { timers, deliveries } of living) {
          timers.advance(ms);
          await deliveries.idle();
        }
      },
      [Symbol.asyncDispose]: async () => {
        for (const { deliveries } of [one, other]) await deliveries.close();
        await database[Symbol.asyncDispose]();
      },
    };
  }

  it('work on lanes of their own, and deliver what the other queued, everything once', async () => {
    const [first, second] = [newSubscription(), newSubscription()];
    await using both = await open([first, second]);
    const { one, other, pass } = both;
    const ids: string[] = [];
    const publish = async (from: Worker, to: Subscription) => {
      ids.push(...(await from.publish(to, [newDelivery(), newDelivery()])));
      await from.deliveries.idle();
    };
    await publish(one, first);
    await publish(other, second);
    for (let round = 0; round < 3; round += 1) {
      await publish(other, first);
      await publish(one, second);
      await pass(LOOK_EVERY_MS, one, other);
    }
    expect(one.endpointOf(second).attempts).toEqual([]);
    expect(other.endpointOf(first).attempts).toEqual([]);
    const delivered = [...one.endpointOf(first).attempts, ...other.endpointOf(second).attempts].flat();
    expect(delivered.sort()).toEqual(ids.sort());
    expect(await one.deliveries.allWaiting()).toEqual(new Map());
  });

  it('take over what a dead one held, which attempts nothing more should it live after all', async () => {
    const subscription = newSubscription();
    await using both = await open([subscription]);
    const { one, other, pass } = both;
    const silent = one.endpointOf(subscription);
    const answer = silent.hang();
    const ids = await one.publish(
      subscription,
      Array.from({ length: 5 }, () => newDelivery()),
    );
    await silent.begun(2);

    // While it lives, its lane is its own.
    for (let renewals = 0; renewals < 2 * (LEASE_MS / RENEW_EVERY_MS); renewals += 1) {
      one.timers.advance(RENEW_EVERY_MS);
      await one.database.settled();
      await pass(RENEW_EVERY_MS, other);
    }
    expect(other.endpointOf(subscription).attempts).toEqual([]);

    await pass(LEASE_MS, other);
    expect(other.endpointOf(subscription).attempts.flat().sort()).toEqual([...ids].sort());
    expect(await other.deliveries.waiting(subscription.id)).toBe(0);

    answer();
    await one.deliveries.idle();
    await pass(LOOK_EVERY_MS, one, other);
    expect(silent.attempts.flat()).toHaveLength(2);
    expect(other.endpointOf(subscription).attempts.flat()).toHaveLength(ids.length);
    const [late] = await one.publish(subscription, [newDelivery()]);
    await one.deliveries.idle();
    await pass(LOOK_EVERY_MS, one, other);
    expect(silent.attempts.flat()).toHaveLength(2);
    expect(other.endpointOf(subscription).attempts.at(-1)).toEqual([late]);
  });
});
