import type { Alarm, Clock } from '../../lib/clock.ts';
import { deliversAlike, type Subscription } from '../subscriptions/subscription.ts';
import type { Delivery } from './attempt.ts';
import { Lane, type LaneOptions } from './lane.ts';

export type DispatcherOptions = Omit<LaneOptions, 'subscription' | 'endpoint' | 'onLater'> & {
  readonly clock: Clock;
  readonly endpointOf: (subscription: Subscription) => LaneOptions['endpoint'];
};

interface Entry {
  readonly lane: Lane;
  /** When the next event of the store is due; undefined while none waits. */
  nextDueMs: number | undefined;
}

/** Sees to it that every queued event is attempted when it is due: a lane for each subscription, one alarm for all. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #entries = new Map<string, Entry>();
  #alarm: { readonly atMs: number; readonly alarm: Alarm } | undefined;
  #isClosed = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Has a lane for each of these subscriptions, and no other. */
  set(subscriptions: readonly Subscription[]): void {
    for (const { lane } of [...this.#entries.values()]) this.remove(lane.subscription);
    for (const subscription of subscriptions) this.put(subscription);
  }

  /** Delivers to a subscription, or in its new way to one that was changed. */
  put(subscription: Subscription): void {
    const known = this.#entries.get(subscription.id)?.lane.subscription;
    if (known !== undefined && deliversAlike(known, subscription)) return;
    if (known !== undefined) this.remove(known);
    this.#open(subscription);
  }

  remove({ id }: Subscription): void {
    this.#entries.get(id)?.lane.close();
    this.#entries.delete(id);
  }

  /** Hands over what was queued in a transaction that is durable now. */
  offer(subscriptionId: string, delivery: Delivery): void {
    this.#entries.get(subscriptionId)?.lane.offer(delivery);
  }

  /** Resolves when nothing is due any more by the clock's present time. */
  async idle(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ lane }) => lane.idle()));
  }

  /** Begins nothing more; resolves when nothing is on its way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#alarm?.alarm.cancel();
    for (const { lane } of this.#entries.values()) lane.close();
    await this.idle();
  }

  #open(subscription: Subscription): void {
    if (this.#isClosed) return;
    const entry: Entry = {
      nextDueMs: undefined,
      lane: new Lane({
        ...this.#options,
        subscription,
        endpoint: this.#options.endpointOf(subscription),
        onLater: (atMs) => {
          entry.nextDueMs = Math.min(entry.nextDueMs ?? Infinity, atMs);
          this.#arm(atMs);
        },
      }),
    };
    this.#entries.set(subscription.id, entry);
    entry.lane.wake();
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
