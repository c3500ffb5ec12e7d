import { Fifo } from '../../lib/fifo.ts';
import type { Timers } from '../../lib/timers.ts';
import { Waiters } from '../../lib/waiters.ts';
import type { Delivery } from '../delivery/attempt.ts';
import type { Event, Publication } from '../event.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { eventsOf } from '../publication.ts';
import { type GivenUp, isMeant, keyOf, type LoggedAttempt, type LoggedDelivery, type LoggedEvent, type LogQuery } from './logged-event.ts';
import { type Entry, mayHold, newDelivery, type Published, type Replayed } from './entry.ts';
import { bytesOf, DELIVERY_BYTES, EVENT_BYTES, weightOf } from './weight.ts';

export interface EventLogOptions {
  readonly timers: Timers;
  readonly keepsAll: boolean;
  /** Gives ids to events that nobody subscribed to, when they are first looked at. */
  readonly newId: () => string;
  /** 5,000 and 32 MB by default. */
  readonly mostEvents?: number;
  readonly mostBytes?: number;
}

const MOST_EVENTS = 5_000;
const MOST_BYTES = 32_000_000;
const MOST_ATTEMPTS = 30;
/** Calls that may wait at once. */
const MOST_WAITING = 64;

/**
 * The last events with every attempt to deliver them, in memory: what the portal shows, and tests assert with. Bounded by
 * number and weight; the oldest go first. Of events that nobody subscribed to only the publication is kept, so that a
 * message to 250 people costs no 250 objects that nobody may ever look at.
 */
export class EventLog {
  /** Whether events that nobody subscribed to are remembered too. */
  readonly keepsAll: boolean;
  /** Told of each event that is new or has changed; of undefined when all are forgotten. */
  readonly #waiters: Waiters<LoggedEvent | undefined>;
  readonly #newId: () => string;
  readonly #mostEvents: number;
  readonly #mostBytes: number;
  readonly #entries = new Fifo<Entry>();
  readonly #deliveries = new Map<string, { readonly entry: Entry; readonly logged: LoggedEvent; readonly delivery: LoggedDelivery }>();
  /** Events first heard of by an attempt: of a start before this one, or too many to remember. By their keys. */
  readonly #latecomers = new Map<string, { readonly entry: Entry; readonly logged: LoggedEvent }>();
  #revision = 0;
  #events = 0;
  #bytes = 0;

  constructor({ timers, keepsAll, newId, mostEvents = MOST_EVENTS, mostBytes = MOST_BYTES }: EventLogOptions) {
    this.keepsAll = keepsAll;
    this.#newId = newId;
    this.#mostEvents = mostEvents;
    this.#mostBytes = mostBytes;
    this.#waiters = new Waiters({ timers, capacity: MOST_WAITING });
  }

  /** How many events are remembered, and about how many bytes they take. */
  get size(): { readonly events: number; readonly bytes: number } {
    return { events: this.#events, bytes: this.#bytes };
  }

  /** Another number after each change: those who look again know whether they missed one. */
  get revision(): number {
    return this.#revision;
  }

  /** No more calls may wait. */
  get isFull(): boolean {
    return this.#waiters.isFull;
  }

  /** Remembers events that nobody subscribed to. @param topic ARM id of their source */
  unheard(publication: Publication, topic: string): void {
    const { sourceId, count = 1, bytes = EVENT_BYTES } = publication;
    let id: string | undefined;
    const events = (): readonly LoggedEvent[] => {
      id ??= this.#newId();
      return eventsOf(publication, { topic, id }).map((event) => ({ sourceId, event, deliveries: [] }));
    };
    this.#add({ sourceId, type: publication.type.toLowerCase(), count, bytes, events, deliveries: [] });
    if (this.#waiters.size > 0) for (const logged of events()) this.#waiters.offer(logged);
  }

  /** Remembers what was published together: all events, or those that some subscription wants. */
  published({ sourceId, bytes, events, queued }: Published): void {
    const wanted = new Map<Event, LoggedEvent>();
    const loggedOf = (event: Event): LoggedEvent => {
      const known = wanted.get(event);
      if (known !== undefined) return known;
      const logged: LoggedEvent = { sourceId, event, deliveries: [] };
      wanted.set(event, logged);
      return logged;
    };
    if (this.keepsAll) events.forEach(loggedOf);
    for (const { delivery, subscription } of queued) loggedOf(delivery.event).deliveries.push(newDelivery(delivery.id, subscription));
    if (wanted.size === 0) return;
    this.#keep([...wanted.values()], bytes ?? weightOf([...wanted.keys()], queued));
  }

  /** The deliveries of a replay join those that the event has had. */
  replayed({ sourceId, event, queued, atMs }: Replayed): void {
    if (queued.length === 0) return;
    const deliveries = queued.map(({ delivery, subscription }) => newDelivery(delivery.id, subscription, atMs));
    const entry = this.#entryOf(sourceId, event);
    const logged = entry?.events().find((one) => keyOf(one.event) === keyOf(event));
    if (entry === undefined || logged === undefined) this.#keep([{ sourceId, event, deliveries }], weightOf([event], queued));
    else this.#join(entry, logged, deliveries);
  }

  attempted(batch: readonly Delivery[], subscription: Subscription, attempt: LoggedAttempt): void {
    // What is older than everything in a full log, and was delivered at last, drives out nothing that is newer.
    const isFull = this.#events >= this.#mostEvents || this.#bytes >= this.#mostBytes;
    for (const { id, event, attempts } of batch) {
      if (!this.#deliveries.has(id) && (!isFull || attempt.outcome !== 'Delivered'))
        this.#addLate(event, newDelivery(id, subscription), subscription.sourceId);
      this.#change(id, (delivery, entry) => {
        delivery.attempts.push(attempt);
        const dropped = delivery.attempts.length > MOST_ATTEMPTS ? delivery.attempts.shift() : undefined;
        this.#weigh(entry, bytesOf(attempt) - bytesOf(dropped));
        delivery.attemptCount = attempts + 1;
        delivery.nextAttemptAtMs = undefined;
        if (attempt.outcome === 'Delivered') delivery.state = 'delivered';
      });
    }
  }

  postponed(deliveryId: string, nextAttemptAtMs: number): void {
    this.#change(deliveryId, (delivery) => {
      delivery.nextAttemptAtMs = nextAttemptAtMs;
    });
  }

  /** @param end `waiting` for what is on its way to the dead letters, with the time at which it will be there */
  gaveUp(deliveryId: string, end: GivenUp): void {
    this.#change(deliveryId, (delivery) => Object.assign(delivery, { nextAttemptAtMs: undefined, deadLetterProblem: undefined, ...end }));
  }

  /** By the key or the id of the event; the newest. */
  find(id: string): LoggedEvent | undefined {
    const test = ({ event }: LoggedEvent): boolean => keyOf(event) === id || event.id === id;
    return this.list({ sourceId: undefined, types: undefined, isQueued: false, test }, 1)[0];
  }

  /** Newest first. */
  list(query: LogQuery, limit: number): LoggedEvent[] {
    const found: LoggedEvent[] = [];
    for (const entry of this.#entries.newestFirst()) {
      if (!mayHold(entry, query)) continue;
      for (const logged of entry.events().toReversed()) {
        if (!isMeant(logged, query) || !query.test(logged)) continue;
        found.push(logged);
        if (found.length >= limit) return found;
      }
    }
    return found;
  }

  /**
   * Resolves when so many events pass at once, or when the wait is over.
   *
   * @param whenOver given what ends the wait early
   */
  async wait(
    query: LogQuery,
    { count, waitMs, whenOver }: { readonly count: number; readonly waitMs: number; readonly whenOver: (end: () => void) => void },
  ): Promise<void> {
    const passing = new Set(this.list(query, count).map(({ event }) => keyOf(event)));
    if (passing.size >= count) return;
    const hear = (logged: LoggedEvent | undefined): boolean => {
      if (logged === undefined) passing.clear();
      else if (isMeant(logged, query) && query.test(logged)) passing.add(keyOf(logged.event));
      else passing.delete(keyOf(logged.event));
      return passing.size >= count;
    };
    await this.#waiters.wait(hear, { waitMs, whenOver });
  }

  /** Resolves when the log is not, or no longer, at this revision, or when the wait is over. */
  async changed(revision: number, options: { readonly waitMs: number; readonly whenOver: (end: () => void) => void }): Promise<void> {
    if (revision === this.#revision) await this.#waiters.wait(() => true, options);
  }

  clear(): void {
    this.#revision++;
    this.#entries.clear();
    this.#deliveries.clear();
    this.#latecomers.clear();
    this.#events = 0;
    this.#bytes = 0;
    this.#waiters.offer(undefined);
  }

  /** Ends every wait, for good. */
  close(): void {
    this.#waiters.close();
  }

  #keep(events: readonly LoggedEvent[], contentBytes: number): Entry {
    const deliveries = events.flatMap((logged) => logged.deliveries);
    const [first] = events;
    const type = events.every(({ event }) => event.type === first?.event.type) ? first?.event.type.toLowerCase() : undefined;
    const entry: Entry = {
      sourceId: first?.sourceId ?? '',
      type,
      count: events.length,
      bytes: contentBytes + events.length * EVENT_BYTES + deliveries.length * DELIVERY_BYTES,
      events: () => events,
      deliveries,
    };
    for (const logged of events) for (const delivery of logged.deliveries) this.#deliveries.set(delivery.id, { entry, logged, delivery });
    this.#add(entry);
    for (const logged of events) this.#waiters.offer(logged);
    return entry;
  }

  /** After a restart the log begins anew: with what is attempted. */
  #addLate(event: Event, delivery: LoggedDelivery, sourceId: string): void {
    const known = this.#latecomers.get(keyOf(event));
    if (known === undefined) {
      const logged: LoggedEvent = { sourceId, event, deliveries: [delivery] };
      const entry = this.#keep([logged], weightOf([event], []));
      this.#latecomers.set(keyOf(event), { entry, logged });
      return;
    }
    this.#join(known.entry, known.logged, [delivery]);
  }

  #join(entry: Entry, logged: LoggedEvent, deliveries: readonly LoggedDelivery[]): void {
    // Events that nobody wanted have not been weighed: they were made whenever somebody looked.
    const eventBytes = entry.deliveries.length === 0 ? entry.count * EVENT_BYTES : 0;
    logged.deliveries.push(...deliveries);
    entry.deliveries.push(...deliveries);
    for (const delivery of deliveries) this.#deliveries.set(delivery.id, { entry, logged, delivery });
    this.#revision++;
    this.#waiters.offer(logged);
    // Last, for it may be the oldest that has to go.
    this.#weigh(entry, eventBytes + deliveries.length * DELIVERY_BYTES);
  }

  /** Where an event stands, whose objects are the same from then on. */
  #entryOf(sourceId: string, event: Event): Entry | undefined {
    const type = event.type.toLowerCase();
    for (const entry of this.#entries.newestFirst()) {
      if (entry.sourceId !== sourceId || (entry.type ?? type) !== type) continue;
      const events = entry.events();
      if (!events.some((one) => keyOf(one.event) === keyOf(event))) continue;
      entry.events = () => events;
      return entry;
    }
    return undefined;
  }

  #add(entry: Entry): void {
    this.#revision++;
    this.#entries.add(entry);
    this.#events += entry.count;
    this.#weigh(entry, 0, entry.bytes);
  }

  /** Notes that an entry weighs more, and lets the oldest go when all weigh too much; the newest stays whatever it weighs. */
  #weigh(entry: Entry, moreBytes: number, addedBytes = moreBytes): void {
    entry.bytes += moreBytes;
    this.#bytes += addedBytes;
    while ((this.#events > this.#mostEvents || this.#bytes > this.#mostBytes) && this.#entries.size > 1) this.#dropOldest();
  }

  #dropOldest(): void {
    const entry = this.#entries.take();
    if (entry === undefined) return;
    this.#events -= entry.count;
    this.#bytes -= entry.bytes;
    for (const { id } of entry.deliveries) this.#deliveries.delete(id);
    // Only what was wanted by somebody has been made, and can be a latecomer.
    if (this.#latecomers.size > 0 && entry.deliveries.length > 0)
      for (const { event } of entry.events()) this.#latecomers.delete(keyOf(event));
  }

  #change(deliveryId: string, change: (delivery: LoggedDelivery, entry: Entry) => void): void {
    const found = this.#deliveries.get(deliveryId);
    if (found === undefined) return;
    change(found.delivery, found.entry);
    this.#revision++;
    this.#waiters.offer(found.logged);
  }
}
