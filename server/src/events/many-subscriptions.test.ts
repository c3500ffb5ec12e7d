import { describe, expect, it } from 'vitest';
import { EgressPolicy, HttpClient } from '../egress/index.ts';
import { FaultRules } from '../faults/index.ts';
import { VirtualClock } from '../lib/clock.ts';
import { RandomIds } from '../lib/ids.ts';
import { SystemRandom } from '../lib/random.ts';
import { ManualTimers, recordingLog } from '../lib/testing.ts';
import { Limits } from '../limits/index.ts';
import { BOTH_ENGINES, openStorage, START_MS } from '../storage/testing.ts';
import type { Transaction } from '../storage/index.ts';
import { Destinations } from './destinations/destinations.ts';
import { newSubscription } from './delivery/testing.ts';
import { Events } from './events.ts';
import { eventMigrations } from './migrations.ts';
import type { EventSource } from './sources.ts';
import { SubscriptionStore } from './subscriptions/subscription-store.ts';

const SOURCES = 20;
/** The default limit. */
const OF_EACH_SOURCE = 500;

const sourceOf = (id: string): EventSource => ({ id, name: id, topic: `/topics/${id}` });

async function open(subscriptionsOfSource: number) {
  const database = await BOTH_ENGINES[0]!.open();
  const clock = new VirtualClock(START_MS);
  const timers = new ManualTimers();
  const random = new SystemRandom();
  const ids = new RandomIds(random);
  const { log } = recordingLog();
  const realNow = () => START_MS;
  const storage = await openStorage({ engine: database.engine, clock, migrations: eventMigrations });
  const store = new SubscriptionStore(storage.keys);
  await storage.write(async (tx) => {
    for (let source = 0; source < SOURCES; source += 1)
      for (let n = 0; n < subscriptionsOfSource; n += 1) {
        const filter = {
          includedEventTypes: [`Type${n}`],
          advancedFilters: [{ operatorType: 'StringIn', key: 'data.looked', values: ['at'] }],
        };
        await store.put(tx, newSubscription({ sourceId: `source-${source}`, destination: { endpointType: 'Listener' }, filter }));
      }
  });
  const client = new HttpClient({ timers, policy: new EgressPolicy('public') });
  const common = { storage, clock, timers, random, ids, log, realNow, timeoutMs: 30_000, deadLetterDelayMs: 0 };
  const destinations = new Destinations({
    ...common,
    client,
    trustedClient: client,
    endpoints: new Map(),
    tokenIssuer: undefined,
    deadLetterFolder: undefined,
  });
  const events = new Events({
    ...common,
    destinations,
    limits: new Limits({ preset: 'handbook' }),
    faults: new FaultRules({ clock, random, findResource: () => undefined }).deliveries,
    sources: { byId: sourceOf, byName: sourceOf },
    selfUrl: () => Promise.resolve(new URL('http://self.example')),
    inspect: false,
  });
  await events.start();
  await events.idle();
  return {
    events,
    /** What it costs to publish an event of a type. */
    costOf: async (type: string) => {
      const cost = { looks: 0, statements: 0 };
      const data = {
        get looked() {
          cost.looks += 1;
          return 'at';
        },
      };
      const make = () => [{ subject: '', data, atMs: START_MS }];
      await storage.write(async (tx) => events.publish(counting(tx, cost), { sourceId: 'source-7', type, make }));
      return cost;
    },
    [Symbol.asyncDispose]: async () => {
      await events.close();
      await storage.due.close();
      client.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

function counting(tx: Transaction, cost: { statements: number }): Transaction {
  const counted = <T>(value: T): T => {
    cost.statements += 1;
    return value;
  };
  return {
    get: (statement, params) => counted(tx.get(statement, params)),
    all: (statement, params) => counted(tx.all(statement, params)),
    run: (statement, params) => counted(tx.run(statement, params)),
    afterCommit: () => undefined,
  };
}

describe('10,000 event subscriptions', () => {
  it('cost an event that one wants as much as a few do, and one that nobody wants nothing', async () => {
    await using few = await open(5);
    await using many = await open(OF_EACH_SOURCE);
    expect(many.events.subscriptions.list()).toHaveLength(10_000);
    // One look by the filter, and one to store it.
    const cost = { looks: 2, statements: 1 };
    expect(await few.costOf('Type3')).toEqual(cost);
    expect(await many.costOf('Type3')).toEqual(cost);
    expect(await many.costOf('Type499')).toEqual(cost);
    expect(await many.costOf('type499')).toEqual(cost);
    expect(await many.costOf('Another')).toEqual({ looks: 0, statements: 0 });
  });

  it('are what sources have together: one with 500 takes no more', async () => {
    await using many = await open(OF_EACH_SOURCE);
    const install = (source: string) =>
      many.events.subscriptions.install(sourceOf(source), 'one-more', { destination: { endpointType: 'Listener' } });
    await expect(install('source-7')).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('events.subscriptions-per-source') as string,
    });
    await expect(install('a-new-one')).resolves.toMatchObject({ name: 'one-more' });
  });
});
