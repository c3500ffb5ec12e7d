import { VirtualClock } from '../../lib/clock.ts';
import { ManualTimers, recordingLog, RepeatableRandom } from '../../lib/testing.ts';
import { realTimers } from '../../lib/timers.ts';
import type { SqlEngine, Storage } from '../../storage/index.ts';
import { FickleEngine, openStorage, START_MS } from '../../storage/testing.ts';
import type { DeadLetterPlace } from '../dead-letters/dead-letter.ts';
import type { Event } from '../event.ts';
import { EventLog } from '../log/event-log.ts';
import { eventMigrations } from '../migrations.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { SubscriptionStore } from '../subscriptions/subscription-store.ts';
import type { AttemptResult, Delivery, Endpoint } from './attempt.ts';
import { Deliveries } from './deliveries.ts';

/** What tests of deliveries share: subscriptions, endpoints that do as the test says, and processes that deliver. */

export const DELIVERED: AttemptResult = { outcome: 'Delivered', status: 200 };
export const SILENT: AttemptResult = { outcome: 'TimedOut' };
const DAY_MS = 24 * 3_600_000;

let made = 0;

/** A live subscription to everything, unlike any other. */
export function newSubscription(more: Partial<Subscription> = {}): Subscription {
  made += 1;
  return {
    id: `subscription-${made}`,
    sourceId: 'source',
    name: `hook-${made}`,
    createdAtMs: START_MS,
    state: 'Succeeded',
    isLive: true,
    destination: { endpointType: 'WebHook' },
    filter: {},
    labels: [],
    schema: 'EventGridSchema',
    retry: { maxAttempts: 30, timeToLiveMs: DAY_MS },
    ...more,
  };
}

export async function storedSubscription(storage: Storage): Promise<Subscription> {
  const subscription = newSubscription();
  await storage.write((tx) => new SubscriptionStore(storage.keys).put(tx, subscription));
  return subscription;
}

export function newDelivery(text = ''): Delivery {
  made += 1;
  const event: Event = { id: `event-${made}`, topic: 't', type: 'T', subject: 's', data: { text }, atMs: START_MS, dataVersion: '1.0' };
  return { id: `delivery-${made}`, event, bytes: JSON.stringify(event).length, attempts: 0, publishedAtMs: START_MS };
}

/** Takes everything at once, until it is told otherwise. */
export class TestEndpoint implements Endpoint {
  /** Ids of the deliveries of each attempt, in the order in which they began. */
  readonly attempts: (readonly string[])[] = [];
  underWay = 0;
  /** Attempts under way at once, at most. */
  most = 0;
  answer: (batch: readonly Delivery[]) => AttemptResult | Promise<AttemptResult> = () => DELIVERED;
  readonly #cutOff = Promise.withResolvers<AttemptResult>();
  readonly #waiting = new Set<() => void>();

  async deliver(batch: readonly Delivery[]): Promise<AttemptResult> {
    this.attempts.push(batch.map(({ id }) => id));
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    for (const look of this.#waiting) look();
    try {
      return await Promise.race([this.answer(batch), this.#cutOff.promise]);
    } finally {
      this.underWay -= 1;
    }
  }

  /** Answers nothing until the function that this returns is called, and all of it then. */
  hang(): (result?: AttemptResult) => void {
    const answered = Promise.withResolvers<AttemptResult>();
    this.answer = () => answered.promise;
    return (result = DELIVERED) => {
      this.answer = () => DELIVERED;
      answered.resolve(result);
    };
  }

  /** Resolves when so many attempts have begun. */
  async begun(count: number): Promise<void> {
    while (this.attempts.length < count) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  close(): void {
    this.#cutOff.resolve({ outcome: 'Aborted' });
  }
}

export interface WorkerOptions {
  readonly engine: SqlEngine;
  readonly clock?: VirtualClock;
  /** Real milliseconds since the epoch. */
  readonly realNow?: () => number;
  readonly seed?: string;
  /** Where dead letters are kept; nowhere by default. */
  readonly place?: DeadLetterPlace;
}

/** A process that delivers: everything but the network. */
export async function openWorker({
  engine,
  clock = new VirtualClock(START_MS),
  realNow = () => START_MS,
  seed = 'seed',
  place,
}: WorkerOptions) {
  const timers = new ManualTimers();
  const { log, lines } = recordingLog();
  const random = new RepeatableRandom(seed);
  const database = new FickleEngine(engine);
  const storage = await openStorage({ engine: database, clock, random, realNow, migrations: eventMigrations });
  const endpoints = new Map<string, TestEndpoint>();
  const endpointOf = ({ id }: Subscription): TestEndpoint => {
    let endpoint = endpoints.get(id);
    if (endpoint === undefined) endpoints.set(id, (endpoint = new TestEndpoint()));
    return endpoint;
  };
  const events = new EventLog({ timers: realTimers, keepsAll: true, newId: () => '' });
  const options = { storage, clock, timers, random, log, events, realNow, deadLetterDelayMs: 0 };
  const deliveries = new Deliveries({ ...options, endpointOf, placeOf: () => place });
  return {
    database,
    storage,
    clock,
    timers,
    events,
    deliveries,
    endpointOf,
    lines,
    /** Publishes events to a subscription. @returns the ids of their deliveries */
    publish: async (subscription: Subscription, queued: readonly Delivery[]): Promise<readonly string[]> => {
      await storage.write(async (tx) => {
        for (const delivery of queued)
          await deliveries.insert(tx, { subscriptionId: subscription.id, delivery, text: JSON.stringify(delivery.event) });
        tx.afterCommit(() => {
          events.published({
            sourceId: 'source',
            bytes: undefined,
            events: [],
            queued: queued.map((delivery) => ({ subscription, delivery })),
          });
          for (const delivery of queued) deliveries.offer(subscription.id, delivery);
        });
      });
      await database.settled();
      return queued.map(({ id }) => id);
    },
  };
}

export type Worker = Awaited<ReturnType<typeof openWorker>>;
