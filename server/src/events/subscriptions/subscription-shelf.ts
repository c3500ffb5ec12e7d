import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import type { Storage, Transaction } from '../../storage/index.ts';
import { eventErrors } from '../errors.ts';
import type { Senders } from '../destinations/destinations.ts';
import type { EventSource, EventSources } from '../sources.ts';
import { DeletionNotices } from './deletion-notice.ts';
import type { Subscription } from './subscription.ts';
import { SubscriptionList } from './subscription-list.ts';
import { SubscriptionStore } from './subscription-store.ts';

export interface SubscriptionShelfOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly senders: Senders;
  readonly timeoutMs: number;
  readonly sources: EventSources;
  readonly onChanged: SubscriptionListener;
}

/** Told of the subscriptions to which events are delivered. */
export interface SubscriptionListener {
  /** These and no others, at a start. */
  loaded(live: readonly Subscription[]): void;
  put(live: Subscription): void;
  removed(subscription: Subscription): void;
}

/** Payload of the due work about a subscription. */
export interface Named {
  readonly subscriptionId: string;
}

/** Kind of the due work that removes what waited for a subscription that ended. */
export const PURGE_SUBSCRIPTION = 'events/purge-subscription';
/** Kind of the due work that ends the wait for somebody to open a validation URL. */
export const VALIDATION_OVER = 'events/validation-over';
/** Kind of the due work that removes a subscription at its expiration time. */
export const SUBSCRIPTION_OVER = 'events/subscription-over';

/** Where subscriptions are kept: stored, in memory, with the work that is due for them, and told to who delivers. */
export class SubscriptionShelf {
  readonly list = new SubscriptionList();
  readonly #options: SubscriptionShelfOptions;
  readonly #store: SubscriptionStore;
  readonly #notices: DeletionNotices;

  constructor(options: SubscriptionShelfOptions) {
    this.#options = options;
    this.#store = new SubscriptionStore(options.storage.keys);
    this.#notices = new DeletionNotices(options);
  }

  /** Reads what is stored. */
  async load(): Promise<readonly Subscription[]> {
    const { storage, clock, onChanged } = this.#options;
    const stored = await this.#store.all(storage.read);
    this.list.clear();
    for (const one of stored) this.list.put(one);
    onChanged.loaded(stored.filter(({ isLive, expiresAtMs = Infinity }) => isLive && expiresAtMs > clock.now()));
    return stored;
  }

  /** @throws ApiError 404 when the source was deleted meanwhile */
  async put(next: Subscription): Promise<Subscription> {
    const { storage, sources, onChanged } = this.#options;
    await storage.write(async (tx) => {
      await this.#store.put(tx, next);
      await this.#schedule(tx, next);
    });
    this.list.put(next);
    if (next.isLive) onChanged.put(next);
    if (sources.byId(next.sourceId) !== undefined) return next;
    await this.end(next);
    throw eventErrors.subscriptionWithoutSource(next.name);
  }

  async end(ended: Subscription): Promise<void> {
    await this.#options.storage.write((tx) => this.#removeIn(tx, ended));
    this.#forget(ended, this.#options.sources.byId(ended.sourceId));
  }

  /** Ends the subscriptions of a source in the transaction that ends the source. */
  async endAllOf(tx: Transaction, sourceId: string): Promise<void> {
    const source = this.#options.sources.byId(sourceId);
    const ended = this.list.list(sourceId);
    for (const one of ended) await this.#removeIn(tx, one);
    tx.afterCommit(() => {
      for (const one of ended) this.#forget(one, source);
    });
  }

  async #schedule(tx: Transaction, { id, manual, expiresAtMs }: Subscription): Promise<void> {
    const { due } = this.#options.storage;
    const times = { [VALIDATION_OVER]: manual?.untilMs, [SUBSCRIPTION_OVER]: expiresAtMs };
    for (const [kind, dueAtMs] of Object.entries(times)) {
      if (dueAtMs === undefined) await due.cancel(tx, `${kind} ${id}`);
      else await due.schedule(tx, { kind, id: `${kind} ${id}`, dueAtMs, payload: { subscriptionId: id } satisfies Named });
    }
  }

  async #removeIn(tx: Transaction, { id }: Subscription): Promise<void> {
    const { storage, clock } = this.#options;
    await this.#store.remove(tx, id);
    for (const kind of [VALIDATION_OVER, SUBSCRIPTION_OVER]) await storage.due.cancel(tx, `${kind} ${id}`);
    const payload: Named = { subscriptionId: id };
    await storage.due.schedule(tx, { kind: PURGE_SUBSCRIPTION, dueAtMs: clock.now(), payload });
  }

  #forget(ended: Subscription, source: EventSource | undefined): void {
    this.list.remove(ended);
    this.#options.onChanged.removed(ended);
    this.#notices.send(ended, source);
  }
}
