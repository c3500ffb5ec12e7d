import { describe, expect, it } from 'vitest';
import type { Storage } from '../../storage/index.ts';
import { BOTH_ENGINES, openStorage, START_MS } from '../../storage/testing.ts';
import { eventMigrations } from '../migrations.ts';
import { storedSubscription } from '../delivery/testing.ts';
import { DeadLetterStore } from './dead-letter-store.ts';
import { DeliveryStore } from './delivery-store.ts';
import type { WaitingRows } from './waiting-rows.ts';

const event = { id: 'e', topic: 't', type: 'T', subject: 's', data: null, atMs: START_MS, dataVersion: '1.0' };

interface Shelf {
  readonly waiting: WaitingRows;
  readonly add: (subscriptionId: string, id: string) => Promise<void>;
}

function deliveries(storage: Storage): Shelf {
  const store = new DeliveryStore(storage.keys);
  const delivery = (id: string) => ({ id, event, bytes: 1, attempts: 0, publishedAtMs: START_MS });
  const add = (subscriptionId: string, id: string) =>
    storage.write((tx) => store.insert(tx, { subscriptionId, delivery: delivery(id), text: JSON.stringify(event) }));
  return { waiting: store.waiting, add };
}

function deadLetters(storage: Storage): Shelf {
  const store = new DeadLetterStore(storage.keys);
  const letter = (id: string) => ({ id, event, reason: 'r', attempts: 1, publishedAtMs: START_MS, last: undefined, dropAtMs: START_MS });
  const add = (subscriptionId: string, id: string) =>
    storage.write((tx) => store.insert(tx, { subscriptionId, letter: letter(id), dueAtMs: START_MS }));
  return { waiting: store.waiting, add };
}

describe.each(BOTH_ENGINES)('what waits for subscriptions on $name', (engine) => {
  describe.each([
    ['deliveries', deliveries],
    ['dead letters', deadLetters],
  ])('%s', (_what, openShelf) => {
    it('is found and counted by subscription', async () => {
      await using database = await engine.open();
      const storage = await openStorage({ engine: database.engine, migrations: eventMigrations });
      const { waiting, add } = openShelf(storage);
      expect([...(await waiting.counts(storage.read))]).toEqual([]);
      for (const [subscription, id] of [['b', '1'], ['a', '2'], ['b', '3']] as const) await add(subscription, id); // prettier-ignore
      const found: string[] = [];
      for await (const id of waiting.subscriptions(storage.read)) found.push(id);
      expect(found).toEqual(['a', 'b']);
      expect(await waiting.counts(storage.read)).toEqual(new Map([['a', 1], ['b', 2]])); // prettier-ignore
      expect(await waiting.count(storage.read, 'b')).toBe(2);
      expect(await waiting.count(storage.read, 'c')).toBe(0);
    });

    it('goes, some at a time, when its subscription is no more, and stays while that is stored', async () => {
      await using database = await engine.open();
      const storage = await openStorage({ engine: database.engine, migrations: eventMigrations });
      const { waiting, add } = openShelf(storage);
      const stored = await storedSubscription(storage);
      for (const id of ['1', '2', '3']) {
        await add('gone', `gone ${id}`);
        await add(stored.id, `stored ${id}`);
      }
      const remove = (id: string) => storage.write((tx) => waiting.removeOrphans(tx, id, 2));
      expect(await remove(stored.id)).toBe(true);
      expect(await remove('gone')).toBe(false);
      expect(await waiting.count(storage.read, 'gone')).toBe(1);
      expect(await remove('gone')).toBe(true);
      expect(await waiting.counts(storage.read)).toEqual(new Map([[stored.id, 3]]));
    });
  });
});
