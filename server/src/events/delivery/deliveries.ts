import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { type Random, uuid } from '../../lib/random.ts';
import type { Timers } from '../../lib/timers.ts';
import type { Storage, Transaction } from '../../storage/index.ts';
import type { DeadLetterPlace } from '../dead-letters/dead-letter.ts';
import { DeadLetters } from '../dead-letters/dead-letters.ts';
import type { EventLog } from '../log/event-log.ts';
import { DeadLetterStore } from '../outbox/dead-letter-store.ts';
import { DeliveryStore } from '../outbox/delivery-store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { PURGE_SUBSCRIPTION } from '../subscriptions/subscription-shelf.ts';
import type { Delivery, Endpoint } from './attempt.ts';
import { Dispatcher } from './dispatcher.ts';
import { Leases } from './leases.ts';

export interface DeliveriesOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly events: EventLog;
  /** Real milliseconds since the epoch. */
  readonly realNow: () => number;
  /** From the last attempt at an event to its dead letter. */
  readonly deadLetterDelayMs: number;
  readonly endpointOf: (subscription: Subscription) => Endpoint;
  /** Where a subscription wants its dead letters kept; undefined when it does not. */
  readonly placeOf: (subscription: Subscription) => DeadLetterPlace | undefined;
}

const PURGED_AT_ONCE = 500;

/** Every delivery from the transaction that queues it to its end: the stores, the leases, the lanes and the dead letters. */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #store: DeliveryStore;
  readonly #deadLetterStore: DeadLetterStore;
  readonly #leases: Leases;
  readonly #deadLetters: DeadLetters;
  readonly #dispatcher: Dispatcher;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
    const { storage, random } = options;
    this.#store = new DeliveryStore(storage.keys);
    this.#deadLetterStore = new DeadLetterStore(storage.keys);
    const leases = new Leases({ ...options, holder: uuid(random) });
    const onOrphans = (subscriptionId: string): Promise<void> => this.#sweep(subscriptionId);
    const deadLetters = new DeadLetters({
      ...options,
      store: this.#deadLetterStore,
      leases,
      delayMs: options.deadLetterDelayMs,
      subscriptionOf: (id) => this.#dispatcher.subscriptionOf(id),
      onOrphans,
    });
    this.#dispatcher = new Dispatcher({ ...options, store: this.#store, leases, deadLetters, onOrphans });
    this.#leases = leases;
    this.#deadLetters = deadLetters;
    storage.state.onReplaced(() => this.#dispatcher.set([]));
    // It may have queued events that nobody was told of.
    storage.onUnknownOutcome(() => this.#dispatcher.lookLater());
    // Written by the subscription service.
    storage.due.handle(PURGE_SUBSCRIPTION, ({ payload }) => this.#purge((payload as { readonly subscriptionId: string }).subscriptionId));
  }

  /**
   * Begins with what was queued before, for the subscriptions that were {@link set}.
   *
   * @param isAlone no other process works on the database: leases that are found are of one that died
   */
  async start({ isAlone }: { readonly isAlone: boolean }): Promise<void> {
    if (isAlone) await this.#leases.takeOver();
    else this.#dispatcher.share();
    await this.#deadLetters.start();
    void this.#dispatcher.look();
  }

  set(subscriptions: readonly Subscription[]): void {
    this.#dispatcher.set(subscriptions);
  }

  put(subscription: Subscription): void {
    this.#dispatcher.put(subscription);
  }

  remove(subscription: Subscription): void {
    this.#dispatcher.remove(subscription);
  }

  /** Queues an event. @param text the event as JSON */
  insert(tx: Transaction, queued: { readonly subscriptionId: string; readonly delivery: Delivery; readonly text: string }): Promise<void> {
    return this.#store.insert(tx, queued);
  }

  /** Begins with what was queued in a transaction that is durable now. */
  offer(subscriptionId: string, delivery: Delivery): void {
    this.#dispatcher.offer(subscriptionId, delivery);
  }

  /** Events that wait for delivery to a subscription. */
  waiting(subscriptionId: string): Promise<number> {
    return this.#store.waiting.count(this.#options.storage.read, subscriptionId);
  }

  /** As {@link waiting}, for each subscription that any wait for. */
  allWaiting(): Promise<ReadonlyMap<string, number>> {
    return this.#store.waiting.counts(this.#options.storage.read);
  }

  /** Resolves when everything that is due has been attempted, and every dead letter that is due written. */
  async idle(): Promise<void> {
    await this.#dispatcher.idle();
    await this.#deadLetters.idle();
  }

  /** Begins nothing more; resolves when nothing is on its way, after some seconds at the latest. */
  async close(): Promise<void> {
    this.#deadLetters.close();
    await this.#dispatcher.close();
    await this.#leases.close();
  }

  /** Removes what waits for a subscription that is no more. */
  async #purge(subscriptionId: string): Promise<void> {
    const { storage } = this.#options;
    for (const store of [this.#store, this.#deadLetterStore])
      while (!(await storage.write((tx) => store.waiting.removeOrphans(tx, subscriptionId, PURGED_AT_ONCE))));
    await this.#leases.drop(subscriptionId);
  }

  async #sweep(subscriptionId: string): Promise<void> {
    try {
      await this.#purge(subscriptionId);
    } catch (error) {
      // The next start finds it again.
      this.#options.log.warn({ err: error }, 'events of a subscription that is no more could not be removed');
    }
  }
}
