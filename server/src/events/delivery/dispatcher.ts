import type { Alarm, Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import type { Storage } from '../../storage/index.ts';
import type { DeliveryStore } from '../outbox/delivery-store.ts';
import { deliversAlike, type Subscription } from '../subscriptions/subscription.ts';
import type { Delivery, Endpoint } from './attempt.ts';
import { AttemptShares } from './attempt-shares.ts';
import { Buffered } from './buffered.ts';
import { Lane } from './lane.ts';
import type { LaneGround } from './lane-options.ts';

export type DispatcherOptions = Omit<LaneGround, 'shares' | 'buffered' | 'storage'> & {
  readonly storage: Storage;
  readonly store: DeliveryStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly endpointOf: (subscription: Subscription) => Endpoint;
  /** Called with the id of a subscription that is not known here, and that events wait for. */
  readonly onOrphans: (subscriptionId: string) => Promise<void>;
};

interface Entry {
  readonly lane: Lane;
  /** When the next event of the store is due; undefined while none waits. */
  nextDueMs: number | undefined;
}

/** How long a closing server waits for what is on its way. */
const CLOSE_MS = 3_000;
/** Between two looks at what other processes may have left or queued. */
const LOOK_EVERY_MS = 5_000;

/** Sees to it that every queued event is attempted when it is due: a lane for each subscription, one alarm for all. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #ground: LaneGround;
  readonly #entries = new Map<string, Entry>();
  #alarm: { readonly atMs: number; readonly alarm: Alarm } | undefined;
  #looking: Promise<void> | undefined;
  #looks: Timer | undefined;
  #later: Timer | undefined;
  #isClosed = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#ground = { ...options, shares: new AttemptShares(), buffered: new Buffered() };
  }

  /** Works beside other processes on the same database: looks from time to time for what they queued or left. */
  share(): void {
    this.#looks ??= this.#options.timers.every(LOOK_EVERY_MS, () => void this.look());
  }

  /** Has a lane for each of these subscriptions, and no other. What waits for them is found by {@link look}. */
  set(subscriptions: readonly Subscription[]): void {
    const wanted = new Set(subscriptions.map(({ id }) => id));
    for (const { lane } of [...this.#entries.values()]) if (!wanted.has(lane.subscription.id)) this.remove(lane.subscription);
    for (const subscription of subscriptions) this.#put(subscription);
  }

  /** Delivers to a subscription, or in its new way to one that was changed. */
  put(subscription: Subscription): void {
    this.#put(subscription)?.wake();
  }

  /** Ends a subscription's deliveries. */
  remove({ id }: Subscription): void {
    this.#entries.get(id)?.lane.abandon();
    this.#entries.delete(id);
  }

  subscriptionOf(id: string): Subscription | undefined {
    return this.#entries.get(id)?.lane.subscription;
  }

  /** Hands over what was queued in a transaction that is durable now. */
  offer(subscriptionId: string, delivery: Delivery): void {
    const entry = this.#entries.get(subscriptionId);
    if (entry !== undefined) entry.lane.offer(delivery);
    // The subscription ended while its event was being queued.
    else if (!this.#isClosed) void this.#options.onOrphans(subscriptionId);
  }

  /** Finds what waits in the store, for whomever: at a start, and beside other processes. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  /** As {@link look}, a little later. */
  lookLater(): void {
    if (this.#isClosed) return;
    this.#later ??= this.#options.timers.after(LOOK_EVERY_MS, () => {
      this.#later = undefined;
      void this.look();
    });
  }

  /** Resolves when nothing is due any more by the clock's present time. */
  async idle(): Promise<void> {
    await this.#looking;
    await Promise.all([...this.#entries.values()].map(({ lane }) => lane.idle()));
  }

  /** Begins nothing more; resolves when nothing is on its way, which is cut off when it takes too long. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#alarm?.alarm.cancel();
    this.#looks?.cancel();
    this.#later?.cancel();
    const lanes = [...this.#entries.values()].map(({ lane }) => lane);
    for (const lane of lanes) lane.close();
    const cutOff = this.#options.timers.after(CLOSE_MS, () => {
      for (const lane of lanes) lane.abandon();
    });
    await this.idle();
    cutOff.cancel();
    for (const lane of lanes) lane.abandon();
  }

  async #look(): Promise<void> {
    const { storage, store, log, onOrphans } = this.#options;
    const { generation } = storage.state;
    try {
      for await (const id of store.waiting.subscriptions(storage.read)) {
        if (this.#isClosed || storage.state.generation !== generation) return;
        const entry = this.#entries.get(id);
        if (entry === undefined) await onOrphans(id);
        else entry.lane.wake();
      }
    } catch (error) {
      log.warn({ err: error }, 'waiting events could not be looked for; that is tried again');
      this.lookLater();
    }
  }

  /** @returns the new lane, if there is one */
  #put(subscription: Subscription): Lane | undefined {
    const old = this.#entries.get(subscription.id)?.lane;
    if (this.#isClosed || (old !== undefined && deliversAlike(old.subscription, subscription))) return undefined;
    old?.close();
    return this.#open(subscription, old?.idle()).lane;
  }

  /** @param before what a new lane waits for: what is on its way in the old manner is not attempted in the new one beside it */
  #open(subscription: Subscription, before?: Promise<void>): Entry {
    const { storage, endpointOf } = this.#options;
    const { generation } = storage.state;
    const entry: Entry = {
      nextDueMs: undefined,
      lane: new Lane({
        ...this.#ground,
        subscription,
        endpoint: endpointOf(subscription),
        before,
        isCurrent: () => storage.state.generation === generation,
        onLater: (atMs) => {
          entry.nextDueMs = Math.min(entry.nextDueMs ?? Infinity, atMs);
          this.#arm(atMs);
        },
      }),
    };
    this.#entries.set(subscription.id, entry);
    return entry;
  }

  #arm(atMs: number): void {
    if (this.#isClosed || (this.#alarm !== undefined && this.#alarm.atMs <= atMs)) return;
    this.#alarm?.alarm.cancel();
    this.#alarm = { atMs, alarm: this.#options.clock.alarm(atMs, () => this.#onAlarm()) };
  }

  async #onAlarm(): Promise<void> {
    this.#alarm = undefined;
    const nowMs = this.#options.clock.now();
    const woken: Lane[] = [];
    let laterMs = Infinity;
    for (const entry of this.#entries.values()) {
      if (entry.nextDueMs === undefined) continue;
      if (entry.nextDueMs <= nowMs) {
        entry.nextDueMs = undefined;
        woken.push(entry.lane);
      } else laterMs = Math.min(laterMs, entry.nextDueMs);
    }
    for (const lane of woken) lane.wake();
    if (laterMs !== Infinity) this.#arm(laterMs);
    // A virtual clock goes on when what was due has been attempted.
    await Promise.all(woken.map((lane) => lane.idle()));
  }
}
