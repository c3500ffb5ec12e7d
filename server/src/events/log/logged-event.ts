import type { AttemptResult } from '../delivery/attempt.ts';
import type { Event } from '../event.ts';

export type DeliveryState = 'waiting' | 'delivered' | 'deadLettered' | 'dropped';

export interface LoggedAttempt extends AttemptResult {
  readonly atMs: number;
  readonly durationMs: number;
}

/** How the attempts at a delivery ended without success. */
export interface GivenUp {
  readonly state: DeliveryState;
  readonly reason: string;
  readonly nextAttemptAtMs?: number;
  readonly deadLetterProblem?: string;
}

export interface LoggedDelivery {
  readonly id: string;
  readonly subscription: string;
  /** When the event was sent again, for a delivery of that. */
  readonly replayedAtMs: number | undefined;
  state: DeliveryState;
  /** Why it was given up. */
  reason: string | undefined;
  nextAttemptAtMs: number | undefined;
  /** Why its dead letter could not be kept so far, or at all. */
  deadLetterProblem?: string | undefined;
  /** The newest; {@link attemptCount} counts all. */
  readonly attempts: LoggedAttempt[];
  attemptCount: number;
}

export interface LoggedEvent {
  readonly sourceId: string;
  readonly event: Event;
  readonly deliveries: LoggedDelivery[];
}

/** Which events of the log are meant; all conditions hold together. */
export interface LogQuery {
  readonly sourceId: string | undefined;
  /** Whole types in lower case, any of which will do; undefined for all. */
  readonly types: readonly string[] | undefined;
  /** Whether only events pass that some subscription wanted. */
  readonly isQueued: boolean;
  readonly test: (logged: LoggedEvent) => boolean;
}

/** Whether a query is about the source and the type of an event. */
export function isMeant({ sourceId, event }: LoggedEvent, query: LogQuery): boolean {
  return (
    (query.sourceId === undefined || query.sourceId === sourceId) &&
    (query.types === undefined || query.types.includes(event.type.toLowerCase()))
  );
}

/** What tells an event from all others: its publisher may have given the same id twice. */
export function keyOf({ key, id }: Event): string {
  return key ?? id;
}
