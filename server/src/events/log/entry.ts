import type { Delivery } from '../delivery/attempt.ts';
import type { Event } from '../event.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { LoggedDelivery, LoggedEvent, LogQuery } from './logged-event.ts';

/** An event on its way to a subscriber. */
export interface Queued {
  readonly delivery: Delivery;
  readonly subscription: Subscription;
}

export interface Published {
  readonly sourceId: string;
  /** About how much memory the content of the events takes; told by their JSON where it is left out. */
  readonly bytes: number | undefined;
  readonly events: readonly Event[];
  readonly queued: readonly Queued[];
}

/** An event that goes out again. */
export interface Replayed {
  readonly sourceId: string;
  readonly event: Event;
  readonly queued: readonly Queued[];
  readonly atMs: number;
}

/** Events that were published together. */
export interface Entry {
  readonly sourceId: string;
  /** In lower case; undefined where they have several. */
  readonly type: string | undefined;
  readonly count: number;
  bytes: number;
  /** The same objects each time, unless nobody subscribed: those are made whenever somebody looks. */
  events: () => readonly LoggedEvent[];
  /** Empty while nobody subscribed. */
  readonly deliveries: LoggedDelivery[];
}

/** @param replayedAtMs undefined for the first time */
export function newDelivery(id: string, { name }: Subscription, replayedAtMs?: number): LoggedDelivery {
  return {
    id,
    subscription: name,
    replayedAtMs,
    state: 'waiting',
    reason: undefined,
    nextAttemptAtMs: undefined,
    attempts: [],
    attemptCount: 0,
  };
}

/** Whether a query may be about some of them. */
export function mayHold({ sourceId, type, deliveries }: Entry, query: LogQuery): boolean {
  if (query.isQueued && deliveries.length === 0) return false;
  if (query.sourceId !== undefined && query.sourceId !== sourceId) return false;
  return query.types === undefined || type === undefined || query.types.includes(type);
}
