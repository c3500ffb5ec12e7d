import { describe, expect, it } from 'vitest';
import { BOTH_ENGINES, openStorage, START_MS } from '../../storage/testing.ts';
import type { Storage } from '../../storage/index.ts';
import { eventMigrations } from '../migrations.ts';
import { DeliveryStore, type DuePlace, type Portion } from './delivery-store.ts';

const SUBSCRIPTION = 's';
const MANY: Portion = { rows: 100, bytes: 1_000_000 };

describe.each(BOTH_ENGINES)('waiting deliveries on $name', (engine) => {
  async function opened(): Promise<{ readonly store: DeliveryStore; readonly storage: Storage } & AsyncDisposable> {
    const database = await engine.open();
    const storage = await openStorage({ engine: database.engine, migrations: eventMigrations });
    return { storage, store: new DeliveryStore(storage.keys), [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  }

  /** Queues one event for each id, the n-th due n milliseconds after the start unless all are due at once. */
  async function queue({ store, storage }: Awaited<ReturnType<typeof opened>>, ids: readonly string[], stepMs = 1): Promise<void> {
    await storage.write(async (tx) => {
      for (const [n, id] of ids.entries()) {
        const atMs = START_MS + n * stepMs;
        const event = { id, topic: 't', type: 'T', subject: 's', data: { n }, atMs, dataVersion: '1.0' };
        const text = JSON.stringify(event);
        const delivery = { id, event, bytes: text.length, attempts: 0, publishedAtMs: atMs, last: undefined };
        await store.insert(tx, { subscriptionId: SUBSCRIPTION, delivery, text });
      }
    });
  }

  it.each([1, 0])('are read portion after portion, each once and in their order, due %d ms apart', async (stepMs) => {
    await using open = await opened();
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await queue(open, ids, stepMs);
    const read: string[] = [];
    let after: DuePlace | undefined;
    for (let turn = 0; turn < 3; turn += 1) {
      const question = { nowMs: START_MS + 10, held: new Set<string>(), portion: { ...MANY, rows: 2 }, after };
      const { found, last } = await open.store.due(open.storage.read, SUBSCRIPTION, question);
      read.push(...found.map(({ id }) => id));
      after = last;
    }
    expect(read).toEqual(ids);
    const rest = await open.store.due(open.storage.read, SUBSCRIPTION, { nowMs: START_MS + 10, held: new Set(), portion: MANY, after });
    expect(rest).toEqual({ found: [], damaged: [], last: undefined });
  });

  it.each([1, 16, 37])('are removed together, %d of them and no other', async (count) => {
    await using open = await opened();
    const ids = Array.from({ length: count }, (_, n) => `gone-${n}`);
    await queue(open, [...ids, 'kept']);
    await open.storage.write((tx) => open.store.remove(tx, ids));
    const question = { nowMs: START_MS + 100, held: new Set<string>(), portion: MANY, after: undefined };
    const { found } = await open.store.due(open.storage.read, SUBSCRIPTION, question);
    expect(found.map(({ id }) => id)).toEqual(['kept']);
  });

  it('are left out when they are held, of another subscription, or not due', async () => {
    await using open = await opened();
    await queue(open, ['a', 'b', 'c', 'd']);
    const question = { nowMs: START_MS + 2, held: new Set(['a']), portion: MANY, after: undefined };
    const { found } = await open.store.due(open.storage.read, SUBSCRIPTION, question);
    expect(found.map(({ id, event }) => [id, event.data])).toEqual([
      ['b', { n: 1 }],
      ['c', { n: 2 }],
    ]);
    expect((await open.store.due(open.storage.read, 'other', question)).found).toEqual([]);
  });

  it('come at least one at a time, however large they are', async () => {
    await using open = await opened();
    await queue(open, ['a', 'b']);
    const question = { nowMs: START_MS + 10, held: new Set<string>(), portion: { rows: 10, bytes: 1 }, after: undefined };
    expect((await open.store.due(open.storage.read, SUBSCRIPTION, question)).found).toHaveLength(1);
  });
});
