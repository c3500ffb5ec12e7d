import type { ListedEventType } from '@switchboard/contract';
import type { DeliveryFaults } from '../faults/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import { type Random, uuid } from '../lib/random.ts';
import { RisingUuids } from '../lib/rising-uuids.ts';
import type { Timers } from '../lib/timers.ts';
import type { Limits } from '../limits/index.ts';
import type { MaybePromise, Storage, Transaction } from '../storage/index.ts';
import { sampledTypes, type Trigger, triggeredEvents } from './catalogue/trigger.ts';
import type { Delivery, Endpoint } from './delivery/attempt.ts';
import { Deliveries } from './delivery/deliveries.ts';
import { DisturbedEndpoint } from './delivery/disturbed-endpoint.ts';
import type { Destinations } from './destinations/destinations.ts';
import type { Event, Publication } from './event.ts';
import { LISTENER, Listeners } from './listeners/listeners.ts';
import { eventErrors } from './errors.ts';
import type { Queued } from './log/entry.ts';
import { EventLog } from './log/event-log.ts';
import { eventsOf } from './publication.ts';
import type { EventSource, EventSources } from './sources.ts';
import type { Subscription } from './subscriptions/subscription.ts';
import { type Match, SubscriptionIndex } from './subscriptions/subscription-index.ts';
import { SubscriptionService } from './subscriptions/subscription-service.ts';

export interface EventsOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
  readonly sources: EventSources;
  readonly destinations: Destinations;
  readonly faults: DeliveryFaults;
  readonly limits: Limits;
  /** Where others reach this server, as soon as it listens. */
  readonly selfUrl: () => Promise<URL>;
  /** Whether the log remembers events that nobody subscribed to. */
  readonly inspect: boolean;
  /** How long an endpoint may take to answer. */
  readonly timeoutMs: number;
  /** From the last attempt at an event to its dead letter. */
  readonly deadLetterDelayMs: number;
  /** Real milliseconds since the epoch. */
  readonly realNow: () => number;
}

/** Events: queued in the transaction that makes the fact, delivered to whoever subscribed. */
export class Events {
  readonly subscriptions: SubscriptionService;
  readonly listeners: Listeners;
  readonly recent: EventLog;
  readonly #deliveries: Deliveries;
  readonly #options: EventsOptions;
  readonly #index = new SubscriptionIndex();
  #closing: Promise<void> | undefined;
  readonly #deliveryIds: RisingUuids;

  constructor(options: EventsOptions) {
    this.#options = options;
    this.#deliveryIds = new RisingUuids(options);
    const { storage, timers } = options;
    this.recent = new EventLog({ timers, keepsAll: options.inspect, newId: () => options.ids.uuid('unheardEvent') });
    this.listeners = new Listeners({ ...options, subscriptions: () => this.subscriptions });
    this.#deliveries = new Deliveries({
      ...options,
      events: this.recent,
      endpointOf: (subscription) =>
        new DisturbedEndpoint({ inner: this.#endpointOf(subscription), subscription, faults: options.faults, timers }),
      placeOf: (subscription) => options.destinations.placeOf(subscription),
    });
    this.subscriptions = new SubscriptionService({
      ...options,
      endpoints: options.destinations,
      senders: options.destinations,
      onChanged: {
        loaded: (live) => {
          this.#index.set(live);
          this.listeners.keep(live);
          this.#deliveries.set(live);
        },
        put: (live) => {
          this.#index.put(live);
          this.#deliveries.put(live);
        },
        removed: (subscription) => {
          this.#index.remove(subscription);
          this.listeners.forget(subscription);
          this.#deliveries.remove(subscription);
        },
      },
    });
    storage.state.onReplaced(() => this.recent.clear());
  }

  /** Begins to deliver: what was queued before, and what comes. */
  async start(): Promise<void> {
    await this.subscriptions.load();
    // One process works on a database so far.
    await this.#deliveries.start({ isAlone: true });
  }

  /** Tells what has happened, in the transaction that makes it so: the event is stored exactly when the fact is. */
  publish(tx: Transaction, publication: Publication): MaybePromise<void> {
    const matches = this.#index.of(publication.sourceId, publication.type);
    if (matches.length === 0 && !this.recent.keepsAll) return;
    const topic = this.#options.sources.byId(publication.sourceId)?.topic;
    if (topic === undefined) return;
    if (matches.length === 0) return tx.afterCommit(() => this.recent.unheard(publication, topic));
    const events = eventsOf(publication, { id: this.#options.ids.uuid('event'), topic });
    return this.#queue(tx, { ...publication, wanted: events.map((event) => wantedOf(event, matches)) });
  }

  /** As {@link publish}, for what is not stored itself: in a transaction of its own, when a subscription wants it. */
  async publishAlone(publication: Publication): Promise<void> {
    const { sourceId, type } = publication;
    if (this.isWanted(sourceId, type)) {
      await this.#options.storage.forResource(sourceId).write(async (tx) => this.publish(tx, publication));
      return;
    }
    const topic = this.recent.keepsAll ? this.#options.sources.byId(sourceId)?.topic : undefined;
    if (topic !== undefined) this.recent.unheard(publication, topic);
  }

  /** Queues events that their publisher has named, all of them or none. @throws ApiError 400 for too many deliveries */
  async forward(tx: Transaction, source: EventSource, events: readonly Event[]): Promise<void> {
    const wanted = events.map((event) => wantedOf(event, this.#index.of(source.id, event.type)));
    const deliveries = wanted.reduce((sum, { subscriptions }) => sum + subscriptions.length, 0);
    this.#options.limits.atMost('events.deliveries-per-request', deliveries, 'The number of events times the subscriptions that want them');
    await this.#queue(tx, { sourceId: source.id, wanted });
  }

  /**
   * Delivers a logged event again; with another subject or data it is a new event.
   *
   * @returns the event, and how many subscriptions get it
   * @throws ApiError 404 for an event that is not in the log, or an unknown subscription
   */
  async replay(eventId: string, { subscription, ...change }: Replay): Promise<{ readonly event: Event; readonly queued: number }> {
    const logged = this.recent.find(eventId);
    if (logged === undefined) throw eventErrors.unknownEvent(eventId);
    const { sourceId } = logged;
    const event = this.#edited(logged.event, change);
    const wanted =
      subscription === undefined
        ? wantedOf(event, this.#index.of(sourceId, event.type))
        : { event, subscriptions: [this.subscriptions.get(sourceId, subscription)] };
    const isReplay = event === logged.event;
    await this.#options.storage.write((tx) => this.#queue(tx, { sourceId, wanted: [wanted], isReplay }));
    return { event, queued: wanted.subscriptions.length };
  }

  /** Lets events of the catalogue happen, with sample content; durable when it resolves. @throws ApiError 400 */
  async trigger(source: EventSource, wish: Omit<Trigger, 'atMs'> & { readonly atMs?: number | undefined }): Promise<readonly Event[]> {
    const { ids, clock, storage } = this.#options;
    const events = triggeredEvents({ ...wish, atMs: wish.atMs ?? clock.now() }, source, () => ids.uuid('event'));
    await storage.forResource(source.id).write(async (tx) => this.forward(tx, source, events));
    return events;
  }

  /** The catalogue, each type with a sample of what {@link trigger} lets happen. */
  types(source: EventSource): ListedEventType[] {
    const { random, clock } = this.#options;
    // Not of the sequence of ids: who looks must not change what happens next.
    return sampledTypes(source, clock.now(), () => uuid(random));
  }

  /** Whether anybody would hear of such an event: a subscription, or who looks at the log. */
  wants(sourceId: string, type: string): boolean {
    return this.recent.keepsAll || this.isWanted(sourceId, type);
  }

  /** Whether a subscription asks for such events. */
  isWanted(sourceId: string, type: string): boolean {
    return this.#index.of(sourceId, type).length > 0;
  }

  /** Events that wait for delivery to a subscription. */
  waiting(subscriptionId: string): Promise<number> {
    return this.#deliveries.waiting(subscriptionId);
  }

  /** As {@link waiting}, for each subscription that any wait for: one look at the store for a whole list. */
  allWaiting(): Promise<ReadonlyMap<string, number>> {
    return this.#deliveries.allWaiting();
  }

  /** Resolves when every event that is due has been attempted. */
  idle(): Promise<void> {
    return this.#deliveries.idle();
  }

  /** Begins nothing more, ends every wait for events, and resolves when nothing is on its way; safe to call twice. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  #close(): Promise<void> {
    this.recent.close();
    this.listeners.close();
    this.subscriptions.close();
    return this.#deliveries.close();
  }

  #endpointOf(subscription: Subscription): Endpoint {
    if (subscription.destination.endpointType === LISTENER) return this.listeners.endpointOf(subscription);
    return this.#options.destinations.endpointOf(subscription);
  }

  #edited(event: Event, { subject = event.subject, data = event.data }: Omit<Replay, 'subscription'>): Event {
    if (subject === event.subject && data === event.data) return event;
    const { key: _key, time: _time, cloud, ...kept } = event;
    const id = this.#options.ids.uuid('event');
    const { data_base64: _binary, ...attributes } = cloud ?? {};
    return { ...kept, id, subject, data, atMs: this.#options.clock.now(), ...(cloud && { cloud: { ...attributes, id, subject } }) };
  }

  async #queue(tx: Transaction, told: Told): Promise<void> {
    this.#follow(tx, told, await this.#insert(tx, told));
  }

  /** Stores a delivery for each subscription that wants an event. */
  async #insert(tx: Transaction, { wanted }: Told): Promise<readonly Queued[]> {
    const { clock } = this.#options;
    const publishedAtMs = clock.now();
    const queued: Queued[] = [];
    for (const { event, subscriptions } of wanted) {
      let text: string | undefined;
      for (const subscription of subscriptions) {
        text ??= JSON.stringify(event);
        const delivery: Delivery = { id: this.#deliveryIds.next(), event, bytes: text.length, attempts: 0, publishedAtMs };
        await this.#deliveries.insert(tx, { subscriptionId: subscription.id, delivery, text });
        queued.push({ subscription, delivery });
      }
    }
    return queued;
  }

  /** Begins to deliver what was stored, when that is durable. */
  #follow(tx: Transaction, { sourceId, bytes, wanted, isReplay = false }: Told, queued: readonly Queued[]): void {
    tx.afterCommit(() => {
      const events = wanted.map(({ event }) => event);
      if (isReplay) for (const event of events) this.recent.replayed({ sourceId, event, queued, atMs: this.#options.clock.now() });
      else this.recent.published({ sourceId, bytes, events, queued });
      for (const { subscription, delivery } of queued) this.#deliveries.offer(subscription.id, delivery);
    });
  }
}

/** What is different when an event is delivered again. */
export interface Replay {
  /** Name of the only subscription that is to get it, whatever its filter says. */
  readonly subscription?: string | undefined;
  readonly subject?: string | undefined;
  /** In the place of all of the data. */
  readonly data?: unknown;
}

/** An event, and whoever gets it. */
interface Wanted {
  readonly event: Event;
  readonly subscriptions: readonly Subscription[];
}

/** Events of a source that are told together. */
interface Told {
  readonly sourceId: string;
  readonly bytes?: number | undefined;
  readonly wanted: readonly Wanted[];
  /** They have been told before (false). */
  readonly isReplay?: boolean;
}

function wantedOf(event: Event, matches: readonly Match[]): Wanted {
  return { event, subscriptions: matches.filter(({ test }) => test(event)).map(({ subscription }) => subscription) };
}
