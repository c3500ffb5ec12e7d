import type { Timers } from '../../lib/timers.ts';
import { Waiters } from '../../lib/waiters.ts';
import type { AttemptResult, Delivery } from '../delivery/attempt.ts';
import type { Event } from '../event.ts';
import type { Subscription } from '../subscriptions/subscription.ts';

export type DeliveryState = 'waiting' | 'delivered' | 'deadLettered' | 'dropped';

export interface LoggedAttempt extends AttemptResult {
  readonly atMs: number;
  readonly durationMs: number;
}

export interface LoggedDelivery {
  readonly subscription: string;
  state: DeliveryState;
  nextAttemptAtMs: number | undefined;
  /** The newest; {@link attemptCount} counts all. */
  readonly attempts: LoggedAttempt[];
  attemptCount: number;
}

export interface LoggedEvent {
  readonly sourceId: string;
  readonly event: Event;
  readonly deliveries: LoggedDelivery[];
}

const MOST_EVENTS = 5_000;
const MOST_ATTEMPTS = 30;
/** Calls that may wait at once. */
const MOST_WAITING = 64;

/** The last events with every attempt to deliver them, in memory: what the portal shows, and tests assert with. */
export class EventLog {
  /** Whether events that nobody subscribed to are remembered too. */
  readonly keepsAll: boolean;
  readonly waiters: Waiters<LoggedEvent>;
  /** By the key of the event or else its id, oldest first. */
  readonly #events = new Map<string, LoggedEvent>();
  readonly #deliveries = new Map<string, { readonly of: LoggedEvent; readonly delivery: LoggedDelivery }>();

  constructor({ timers, keepsAll }: { readonly timers: Timers; readonly keepsAll: boolean }) {
    this.keepsAll = keepsAll;
    this.waiters = new Waiters({ timers, capacity: MOST_WAITING });
  }

  published(sourceId: string, event: Event): void {
    this.waiters.offer(this.#entry(sourceId, event));
  }

  queued({ id, event }: Delivery, { sourceId, name }: Subscription): void {
    const of = this.#entry(sourceId, event);
    const delivery: LoggedDelivery = { subscription: name, state: 'waiting', nextAttemptAtMs: undefined, attempts: [], attemptCount: 0 };
    of.deliveries.push(delivery);
    this.#deliveries.set(id, { of, delivery });
  }

  attempted(batch: readonly Delivery[], subscription: Subscription, attempt: LoggedAttempt): void {
    for (const queued of batch) {
      // After a restart the log begins anew.
      if (!this.#deliveries.has(queued.id)) this.queued(queued, subscription);
      this.#change(queued.id, (delivery) => {
        delivery.attempts.push(attempt);
        if (delivery.attempts.length > MOST_ATTEMPTS) delivery.attempts.shift();
        delivery.attemptCount = queued.attempts + 1;
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

  gaveUp(deliveryId: string, _reason: string): void {
    this.#change(deliveryId, (delivery) => {
      delivery.state = 'dropped';
      delivery.nextAttemptAtMs = undefined;
    });
  }

  /** Newest first. */
  list(test: (logged: LoggedEvent) => boolean, limit: number): LoggedEvent[] {
    const found: LoggedEvent[] = [];
    for (const logged of [...this.#events.values()].reverse()) {
      if (found.length >= limit) break;
      if (test(logged)) found.push(logged);
    }
    return found;
  }

  clear(): void {
    this.#events.clear();
    this.#deliveries.clear();
  }

  #entry(sourceId: string, event: Event): LoggedEvent {
    const key = event.key ?? event.id;
    const known = this.#events.get(key);
    if (known !== undefined) return known;
    const logged: LoggedEvent = { sourceId, event, deliveries: [] };
    this.#events.set(key, logged);
    if (this.#events.size > MOST_EVENTS) this.#dropOldest();
    return logged;
  }

  #dropOldest(): void {
    for (const [id, oldest] of this.#events) {
      this.#events.delete(id);
      if (oldest.deliveries.length > 0)
        for (const [deliveryId, { of }] of this.#deliveries) {
          if (of !== oldest) break;
          this.#deliveries.delete(deliveryId);
        }
      return;
    }
  }

  #change(deliveryId: string, change: (delivery: LoggedDelivery) => void): void {
    const found = this.#deliveries.get(deliveryId);
    if (found === undefined) return;
    change(found.delivery);
    this.waiters.offer(found.of);
  }
}
