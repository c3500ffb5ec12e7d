import { Fifo } from '../../lib/fifo.ts';
import type { DuePlace, Portion } from '../outbox/delivery-store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { AllowedRate } from './allowed-rate.ts';
import type { AttemptResult, Delivery, Outcome } from './attempt.ts';
import type { Pace } from './attempt-shares.ts';
import { type BatchLimits, batchLimitsOf, takeBatch } from './batch-limits.ts';
import { concluded, givenUp } from './concluded.ts';
import { Conclusions } from './conclusions.ts';
import type { LaneOptions } from './lane-options.ts';
import { Rest } from './rest.ts';
import { EXPIRED, isExpired } from './retry-schedule.ts';

/** Attempts at once; an endpoint that does not answer gets one at a time. */
const WIDEST = 8;
const FIRST_WIDTH = 2;
/** Events in memory; more wait in the store. */
const MOST_HELD = 5_000;
const PORTION: Portion = { rows: 200, bytes: 256 * 1024 };
/** An attempt that takes longer is slow, answered or not. */
const SLOW_MS = 1_000;
/** There was no answer at all. */
const SILENT: ReadonlySet<Outcome> = new Set(['TimedOut', 'SocketError', 'ResolutionError']);

/**
 * The deliveries of one subscription. Events come from the transaction that published them, or from the store after a
 * restart, an overflow or a failure. Each attempt takes a turn that the server grants: a slow or dead endpoint holds up its
 * own lane, and holds nothing in memory but what it attempts.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #limits: BatchLimits;
  readonly #rate: AllowedRate | undefined;
  readonly #ready = new Fifo<Delivery>();
  /** Ids of all that is in memory: ready, on its way, or attempted and not yet noted in the store. */
  readonly #held = new Set<string>();
  readonly #conclusions: Conclusions;
  /** Turns asked for that have not begun an attempt. */
  #asked = 0;
  #inFlight = 0;
  #width = FIRST_WIDTH;
  #pace: Pace = 'steady';
  #hasStored = false;
  #reading: Promise<void> | undefined;
  /** Where to read on, so that what is held is not read again and again. */
  #readUpTo: DuePlace | undefined;
  #hasBegun: boolean;
  /** The endpoint allows no request now. */
  #isHeldUp = false;
  readonly #rest: Rest;
  #isClosed = false;
  #isAbandoned = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#limits = batchLimitsOf(options.subscription);
    const { ratePerMinute } = options.subscription;
    this.#rate = ratePerMinute === undefined ? undefined : new AllowedRate(ratePerMinute);
    this.#hasBegun = options.before === undefined;
    void options.before?.then(() => {
      this.#hasBegun = true;
      this.#pump();
    });
    this.#rest = new Rest({ ...options, wake: () => this.wake() });
    this.#conclusions = new Conclusions({
      timers: options.timers,
      isQuiet: () => this.#asked + this.#inFlight === 0,
      write: (work) => options.storage.write(work),
      isCurrent: () => this.#knowsStore(),
      remove: (tx, ids) => options.store.remove(tx, ids),
      onNoted: (deliveries) => {
        this.#rest.forget();
        for (const delivery of deliveries) this.#letGo(delivery);
        this.#pump();
      },
      onFailed: (error) => this.#pause(error, 'what became of deliveries could not be noted'),
    });
  }

  get subscription(): Subscription {
    return this.#options.subscription;
  }

  /** Takes what was queued a moment ago. */
  offer(delivery: Delivery): void {
    const { buffered } = this.#options;
    if (this.#held.size >= MOST_HELD || this.#pace === 'slow' || buffered.isFull) this.#hasStored = true;
    else this.#hold(delivery);
    this.#pump();
  }

  /** Looks for what is due in the store. */
  wake(): void {
    this.#rest.end();
    this.#hasStored = true;
    this.#isHeldUp = false;
    this.#conclusions.note();
    this.#pump();
  }

  /** Resolves when nothing is due any more, the database is away, or the lane was closed. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  /** Begins nothing more. What is on its way goes on, and is noted. */
  close(): void {
    this.#isClosed = true;
    this.#forgetReady();
    this.#settle();
  }

  /** Ends everything at once: nothing more is noted, and attempts under way are cut off. */
  abandon(): void {
    this.#isAbandoned = true;
    this.close();
    this.#options.endpoint.close?.();
  }

  #hold(delivery: Delivery): void {
    this.#held.add(delivery.id);
    this.#options.buffered.add(delivery.bytes);
    this.#ready.add(delivery);
  }

  #letGo({ id, bytes }: Delivery): void {
    if (this.#held.delete(id)) this.#options.buffered.remove(bytes);
  }

  /** Leaves to the store what has not begun. */
  #forgetReady(): void {
    if (this.#ready.size > 0) this.#hasStored = true;
    this.#readUpTo = undefined;
    for (let next = this.#ready.take(); next !== undefined; next = this.#ready.take()) this.#letGo(next);
  }

  #knowsStore(): boolean {
    return !this.#isAbandoned && this.#options.isCurrent();
  }

  #isStopped(): boolean {
    return this.#isClosed || this.#isHeldUp || this.#rest.isOn || this.#conclusions.hasFailed || !this.#options.isCurrent();
  }

  #goesOn(): boolean {
    return this.#hasBegun && !this.#isStopped();
  }

  #isIdle(): boolean {
    if (this.#asked + this.#inFlight > 0 || this.#conclusions.isBusy) return false;
    return this.#isStopped() || (this.#ready.size === 0 && !this.#hasStored);
  }

  #settle(): void {
    if (!this.#isIdle()) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  #pump(): void {
    while (this.#goesOn() && this.#asked + this.#inFlight < this.#width && this.#asked < this.#work()) {
      this.#asked += 1;
      const pace = this.#pace;
      void this.#options.shares.run(pace, () => this.#turn(pace));
    }
    this.#conclusions.noteSoon();
    this.#settle();
  }

  /** Turns that there is something for. */
  #work(): number {
    if (this.#ready.size > 0) return Math.ceil(this.#ready.size / this.#limits.events);
    return this.#hasStored && this.#held.size < MOST_HELD ? 1 : 0;
  }

  async #turn(pace: Pace): Promise<void> {
    // Who became slow while he waited for a turn among the quick asks again among his like.
    const batch = pace === this.#pace ? await this.#next() : [];
    this.#asked -= 1;
    if (batch.length > 0) {
      this.#inFlight += 1;
      this.#pump();
      await this.#attempt(batch);
      this.#inFlight -= 1;
    }
    this.#pump();
  }

  /** What is attempted next; nothing when it is not for us, or the database is away. */
  async #next(): Promise<readonly Delivery[]> {
    const { leases, subscription } = this.#options;
    if (!this.#goesOn()) return [];
    try {
      if (!leases.holds(subscription.id) && !(await leases.take(subscription.id))) {
        this.#forgetReady();
        this.#hasStored = false;
        return [];
      }
      if (this.#ready.size === 0 && this.#hasStored) await (this.#reading ??= this.#read().finally(() => (this.#reading = undefined)));
    } catch (error) {
      this.#pause(error, 'waiting events could not be read');
    }
    return this.#goesOn() && this.#ready.size > 0 && this.#isAllowed() ? takeBatch(this.#ready, this.#limits) : [];
  }

  /** Whether the endpoint allows a request now; else the lane rests until it does. */
  #isAllowed(): boolean {
    const { clock, onLater } = this.#options;
    const laterMs = this.#rate?.take(clock.now());
    if (laterMs === undefined) return true;
    this.#isHeldUp = true;
    onLater(laterMs);
    return false;
  }

  async #read(): Promise<void> {
    const { store, storage, subscription, clock, onLater } = this.#options;
    this.#hasStored = false;
    const nowMs = clock.now();
    const after = this.#readUpTo;
    const asked = { nowMs, held: this.#held, portion: this.#portion(), after };
    const { found, damaged, last } = await store.due(storage.read, subscription.id, asked);
    this.#readUpTo = last;
    this.#rest.forget();
    if (damaged.length > 0) await this.#removeDamaged(damaged);
    for (const delivery of found) if (!this.#held.has(delivery.id)) this.#hold(delivery);
    // Behind the last place nothing is left; before it, what was committed since may stand.
    if (found.length + damaged.length > 0 || after !== undefined) this.#hasStored = true;
    else {
      const laterMs = await store.nextDueMs(storage.read, subscription.id, nowMs);
      if (laterMs !== undefined) onLater(laterMs);
    }
  }

  /** As much as is worth a look at the store, or where memory is short no more than the next attempt takes. */
  #portion(): Portion {
    const { events, bytes } = this.#limits;
    if (this.#pace === 'slow' || this.#options.buffered.isFull) return { rows: events, bytes };
    return { rows: Math.max(PORTION.rows, events), bytes: Math.max(PORTION.bytes, bytes) };
  }

  async #attempt(batch: readonly Delivery[]): Promise<void> {
    const { clock, timers, subscription, events } = this.#options;
    const live: Delivery[] = [];
    for (const delivery of batch) {
      if (isExpired(delivery.publishedAtMs, subscription.retry, clock.now()))
        this.#conclusions.add([givenUp(this.#options, delivery, EXPIRED)]);
      else live.push(delivery);
    }
    if (live.length === 0) return;
    const atMs = clock.now();
    const startedMs = timers.monotonicMs();
    const result = await this.#deliver(live);
    const durationMs = timers.monotonicMs() - startedMs;
    // Cut off, or an answer to what the present state knows nothing of.
    if (!this.#knowsStore()) {
      for (const delivery of live) this.#letGo(delivery);
      return;
    }
    events.attempted(live, subscription, { ...result, atMs, durationMs });
    this.#adapt(result, durationMs);
    this.#conclusions.add(live.map((delivery) => concluded(this.#options, delivery, { result, atMs })));
  }

  async #deliver(batch: readonly Delivery[]): Promise<AttemptResult> {
    const { endpoint, log, subscription } = this.#options;
    try {
      return await endpoint.deliver(batch);
    } catch (error) {
      log.error({ err: error, subscription: subscription.name }, 'an attempt to deliver events failed inside the server');
      return { outcome: 'Aborted', detail: 'the server failed; its log says more' };
    }
  }

  /** An endpoint that does not answer is asked less at a time; one that answers late shares its turns with its like. */
  #adapt({ outcome }: AttemptResult, durationMs: number): void {
    const isSilent = SILENT.has(outcome);
    this.#width = isSilent ? Math.max(1, this.#width >> 1) : Math.min(WIDEST, this.#width + 1);
    this.#pace = isSilent || durationMs > SLOW_MS ? 'slow' : 'steady';
    if (this.#pace === 'slow') this.#forgetReady();
  }

  async #removeDamaged(ids: readonly string[]): Promise<void> {
    const { storage, store, log, subscription } = this.#options;
    log.error({ subscription: subscription.name, deliveries: ids }, 'events that wait for delivery cannot be read, and are dropped');
    await storage.write((tx) => store.remove(tx, ids));
  }

  #pause(error: unknown, what: string): void {
    if (!this.#knowsStore()) return;
    this.#hasStored = true;
    this.#rest.begin(error, this.subscription.name, what);
    this.#settle();
  }
}
