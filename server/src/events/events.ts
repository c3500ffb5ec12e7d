import type { HttpClient } from '../egress/index.ts';
import type { DeliveryFaults } from '../faults/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import type { Timers } from '../lib/timers.ts';
import type { MaybePromise, Storage, Transaction } from '../storage/index.ts';
import type { Delivery, Endpoint } from './delivery/attempt.ts';
import { Dispatcher } from './delivery/dispatcher.ts';
import { DisturbedEndpoint } from './delivery/disturbed-endpoint.ts';
import { Webhook } from './delivery/webhook.ts';
import type { Event, NewEvent } from './event.ts';
import { LISTENER, Listeners } from './listeners/listeners.ts';
import { EventLog } from './log/event-log.ts';
import { DeliveryStore } from './outbox/delivery-store.ts';
import type { EventSource, EventSources } from './sources.ts';
import type { Subscription } from './subscriptions/subscription.ts';
import { type Match, SubscriptionIndex } from './subscriptions/subscription-index.ts';
import { PURGE_SUBSCRIPTION, SubscriptionService } from './subscriptions/subscription-service.ts';

export interface EventsOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
  readonly client: HttpClient;
  readonly sources: EventSources;
  readonly faults: DeliveryFaults;
  /** Whether the log remembers events that nobody subscribed to. */
  readonly inspect: boolean;
  /** How long an endpoint may take to answer. */
  readonly timeoutMs: number;
}

const DATA_VERSION = '1.0';
const PURGED_AT_ONCE = 500;

/** Events: queued in the transaction that makes the fact, delivered to whoever subscribed. */
export class Events {
  readonly subscriptions: SubscriptionService;
  readonly listeners: Listeners;
  readonly recent: EventLog;
  readonly #store: DeliveryStore;
  readonly #options: EventsOptions;
  readonly #index = new SubscriptionIndex();
  readonly #dispatcher: Dispatcher;
  #isStarted = false;

  constructor(options: EventsOptions) {
    this.#options = options;
    const { storage, timers } = options;
    this.recent = new EventLog({ timers, keepsAll: options.inspect });
    this.#store = new DeliveryStore(storage.keys);
    this.listeners = new Listeners({ ...options, subscriptions: () => this.subscriptions });
    this.#dispatcher = new Dispatcher({
      ...options,
      store: this.#store,
      events: this.recent,
      endpointOf: (subscription) =>
        new DisturbedEndpoint({ inner: this.#endpointOf(subscription), subscription, faults: options.faults, timers }),
    });
    this.subscriptions = new SubscriptionService({
      ...options,
      onChanged: (subscriptions) => {
        this.#index.set(subscriptions);
        this.listeners.keep(subscriptions);
        if (this.#isStarted) this.#dispatcher.set(subscriptions);
      },
    });
    storage.state.onReplaced(() => {
      this.#dispatcher.set([]);
      this.recent.clear();
    });
    storage.due.handle(PURGE_SUBSCRIPTION, async ({ payload }) => {
      // Written by the subscription service.
      const { subscriptionId } = payload as { readonly subscriptionId: string };
      while (!(await storage.write((tx) => this.#store.removeSome(tx, subscriptionId, PURGED_AT_ONCE))));
    });
  }

  /** Begins to deliver: what was queued before, and what comes. */
  async start(): Promise<void> {
    this.#isStarted = true;
    await this.subscriptions.load();
  }

  /**
   * Tells what has happened, in the transaction that makes it so: the event is stored exactly when the fact is.
   *
   * @param fact `make` is called only when somebody wants to know
   */
  publish(
    tx: Transaction,
    fact: { readonly sourceId: string; readonly type: string; readonly make: () => readonly NewEvent[] },
  ): MaybePromise<void> {
    const matches = this.#index.of(fact.sourceId, fact.type);
    if (matches.length === 0 && !this.recent.keepsAll) return;
    const source = this.#options.sources.byId(fact.sourceId);
    if (source === undefined) return;
    const told = fact.make().map((event) => ({ event: this.#named(source, fact.type, event), matches }));
    return this.#queue(tx, source, told);
  }

  /** Queues events that their publisher has named, all of them or none. */
  forward(tx: Transaction, source: EventSource, events: readonly Event[]): Promise<void> {
    return this.#queue(
      tx,
      source,
      events.map((event) => ({ event, matches: this.#index.of(source.id, event.type) })),
    );
  }

  /** Whether anybody would hear of such an event. */
  wants(sourceId: string, type: string): boolean {
    return this.recent.keepsAll || this.#index.of(sourceId, type).length > 0;
  }

  /** Events that wait for delivery to a subscription. */
  waiting(subscriptionId: string): Promise<number> {
    return this.#store.count(this.#options.storage.read, subscriptionId);
  }

  /** Resolves when every event that is due has been attempted. */
  idle(): Promise<void> {
    return this.#dispatcher.idle();
  }

  close(): Promise<void> {
    this.recent.waiters.close();
    this.listeners.close();
    return this.#dispatcher.close();
  }

  #endpointOf(subscription: Subscription): Endpoint {
    if (subscription.destination.endpointType === LISTENER) return this.listeners.endpointOf(subscription);
    return new Webhook({ ...this.#options, subscription });
  }

  #named({ topic }: EventSource, type: string, { subject, data, atMs }: NewEvent): Event {
    return { id: this.#options.ids.uuid('event'), topic, type, subject, data, atMs, dataVersion: DATA_VERSION };
  }

  async #queue(tx: Transaction, source: EventSource, told: readonly Told[]): Promise<void> {
    const { ids, clock } = this.#options;
    const publishedAtMs = clock.now();
    const queued: { readonly subscription: Subscription; readonly delivery: Delivery }[] = [];
    for (const { event, matches } of told)
      for (const { subscription, test } of matches) {
        if (!test(event)) continue;
        const delivery: Delivery = { id: ids.uuid('event'), event, attempts: 0, publishedAtMs };
        await this.#store.insert(tx, subscription.id, delivery);
        queued.push({ subscription, delivery });
      }
    tx.afterCommit(() => {
      for (const { subscription, delivery } of queued) this.recent.queued(delivery, subscription);
      if (this.recent.keepsAll || queued.length > 0) for (const { event } of told) this.recent.published(source.id, event);
      for (const { subscription, delivery } of queued) this.#dispatcher.offer(subscription.id, delivery);
    });
  }
}

/** An event and who might want it. */
interface Told {
  readonly event: Event;
  readonly matches: readonly Match[];
}
