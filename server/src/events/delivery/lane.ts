import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import type { Timers } from '../../lib/timers.ts';
import type { ResourceStorage } from '../../storage/index.ts';
import type { EventLog } from '../log/event-log.ts';
import type { DeliveryStore } from '../outbox/delivery-store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { AttemptResult, Delivery, Endpoint } from './attempt.ts';
import { afterFailure, isExpired } from './retry-schedule.ts';

export interface LaneOptions {
  readonly subscription: Subscription;
  readonly endpoint: Endpoint;
  readonly storage: ResourceStorage;
  readonly store: DeliveryStore;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** Called when an event is due at a later time than now. */
  readonly onLater: (atMs: number) => void;
}

/** Attempts at once; an endpoint that does not answer gets one at a time. */
const WIDEST = 8;
/** Events in memory; more wait in the store. */
const MOST_HELD = 500;
/** Pause after the database did not answer. */
const STORE_PAUSE_MS = 1_000;

/**
 * The deliveries of one subscription: a slow or dead endpoint holds up its own lane and no other. Events come from the
 * transaction that published them, or from the store after a restart, an overflow or a failure.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #ready: Delivery[] = [];
  /** Ids of all that is in memory: ready, on its way, or delivered and not yet removed. */
  readonly #held = new Set<string>();
  readonly #delivered: string[] = [];
  #inFlight = 0;
  #width = WIDEST;
  #hasStored = true;
  #isReading = false;
  #isRemoving = false;
  #isClosed = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get subscription(): Subscription {
    return this.#options.subscription;
  }

  /** Takes what was queued a moment ago. */
  offer(delivery: Delivery): void {
    if (this.#held.size >= MOST_HELD) this.#hasStored = true;
    else this.#hold(delivery);
    this.#pump();
  }

  /** Looks for what is due in the store. */
  wake(): void {
    this.#hasStored = true;
    this.#pump();
  }

  /** Resolves when nothing is due any more, or the lane was closed. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  /** Begins nothing more. What is on its way may still be told to the store. */
  close(): void {
    this.#isClosed = true;
    this.#ready.length = 0;
    this.#options.endpoint.close?.();
    this.#settle();
  }

  #hold(delivery: Delivery): void {
    this.#held.add(delivery.id);
    this.#ready.push(delivery);
  }

  #isIdle(): boolean {
    const rests = this.#inFlight === 0 && !this.#isReading && !this.#isRemoving;
    return rests && (this.#isClosed || (this.#ready.length === 0 && !this.#hasStored));
  }

  #settle(): void {
    if (!this.#isIdle()) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  #pump(): void {
    while (!this.#isClosed && this.#inFlight < this.#width) {
      const next = this.#ready.shift();
      if (next === undefined) break;
      this.#inFlight += 1;
      void this.#attempt([next]);
    }
    if (!this.#isClosed && this.#ready.length === 0 && this.#hasStored && !this.#isReading) void this.#read();
    this.#settle();
  }

  async #read(): Promise<void> {
    const { store, storage, subscription, clock } = this.#options;
    this.#isReading = true;
    this.#hasStored = false;
    try {
      const nowMs = clock.now();
      const found = await store.due(storage.read, subscription.id, { nowMs, held: this.#held });
      for (const delivery of found) if (!this.#held.has(delivery.id)) this.#hold(delivery);
      if (found.length > 0) this.#hasStored = true;
      else {
        const laterMs = await store.nextDueMs(storage.read, subscription.id, nowMs);
        if (laterMs !== undefined) this.#options.onLater(laterMs);
      }
    } catch (error) {
      this.#pause(error, 'waiting events could not be read');
    } finally {
      this.#isReading = false;
    }
    this.#pump();
  }

  async #attempt(batch: readonly Delivery[]): Promise<void> {
    const { clock, timers, subscription, endpoint, events } = this.#options;
    const live = batch.filter(({ publishedAtMs }) => !isExpired(publishedAtMs, subscription.retry, clock.now()));
    for (const delivery of batch) if (!live.includes(delivery)) await this.#giveUp(delivery, 'TimeToLiveExceeded');
    if (live.length > 0) {
      const atMs = clock.now();
      const startedMs = timers.monotonicMs();
      const result = await endpoint.deliver(live);
      events.attempted(live, subscription, { ...result, atMs, durationMs: timers.monotonicMs() - startedMs });
      if (result.outcome === 'Delivered') this.#succeed(live);
      else await this.#fail(live, result);
    }
    this.#inFlight -= 1;
    this.#pump();
  }

  #succeed(batch: readonly Delivery[]): void {
    this.#width = Math.min(WIDEST, this.#width + 1);
    for (const { id } of batch) this.#delivered.push(id);
    if (!this.#isRemoving) void this.#removeDelivered();
  }

  /** What was delivered while the last removal went to disk is removed with the next. */
  async #removeDelivered(): Promise<void> {
    this.#isRemoving = true;
    while (this.#delivered.length > 0) {
      const ids = this.#delivered.splice(0);
      if (!(await this.#store('delivered events could not be removed', ids))) break;
    }
    this.#isRemoving = false;
    this.#settle();
  }

  async #fail(batch: readonly Delivery[], result: AttemptResult): Promise<void> {
    const { clock, random, subscription } = this.#options;
    if (result.outcome === 'TimedOut' || result.outcome === 'SocketError') this.#width = Math.max(1, this.#width >> 1);
    for (const delivery of batch) {
      const attempts = delivery.attempts + 1;
      const failure = { result, attempts, publishedAtMs: delivery.publishedAtMs, nowMs: clock.now() };
      const next = afterFailure(failure, subscription.retry, random);
      if (next.kind === 'retry') await this.#postpone(delivery, attempts, next.atMs);
      else await this.#giveUp(delivery, next.reason);
    }
  }

  async #postpone({ id }: Delivery, attempts: number, dueAtMs: number): Promise<void> {
    const { storage, store, events, onLater } = this.#options;
    try {
      await storage.write((tx) => store.postpone(tx, { id, dueAtMs, attempts }));
      events.postponed(id, dueAtMs);
    } catch (error) {
      this.#pause(error, 'a failed delivery could not be put off');
    }
    this.#held.delete(id);
    onLater(dueAtMs);
  }

  async #giveUp(delivery: Delivery, reason: string): Promise<void> {
    await this.#store('an event could not be given up', [delivery.id]);
    this.#options.events.gaveUp(delivery.id, reason);
  }

  /** Removes deliveries from the store. @returns whether it could */
  async #store(what: string, ids: readonly string[]): Promise<boolean> {
    const { storage, store } = this.#options;
    try {
      await storage.write((tx) => store.remove(tx, ids));
      return true;
    } catch (error) {
      // They are delivered again: that is what "at least once" allows, and losing none demands.
      this.#pause(error, what);
      return false;
    } finally {
      for (const id of ids) this.#held.delete(id);
    }
  }

  #pause(error: unknown, what: string): void {
    const { log, timers, subscription } = this.#options;
    if (this.#isClosed) return;
    log.warn({ err: error, subscription: subscription.name }, what);
    timers.after(STORE_PAUSE_MS, () => this.wake());
  }
}
