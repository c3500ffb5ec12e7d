import type { Event } from '../event.ts';

/** How an attempt ended, in the words of Event Grid (its page on dead letters). `Delivered` is ours. */
export type Outcome =
  | 'Delivered'
  | 'NotFound'
  | 'Disabled'
  | 'Full'
  | 'Unauthorized'
  | 'BadRequest'
  | 'TimedOut'
  | 'Busy'
  | 'PayloadTooLarge'
  | 'Aborted'
  | 'SocketError'
  | 'ResolutionError'
  | 'Forbidden'
  | 'InvalidAzureFunctionDestination';

export interface AttemptResult {
  readonly outcome: Outcome;
  readonly status?: number;
  /** Beginning of the answer, or what went wrong; for people. */
  readonly detail?: string;
}

/** An event on its way to one subscriber. */
export interface Delivery {
  /** Of this delivery, not of the event. */
  readonly id: string;
  readonly event: Event;
  /** Attempts that failed. */
  readonly attempts: number;
  readonly publishedAtMs: number;
}

/** Where the events of a subscription go. */
export interface Endpoint {
  /** One attempt. Never throws: whatever happens is a result. */
  deliver(batch: readonly Delivery[]): Promise<AttemptResult>;
  /** Ends what only waits. */
  close?(): void;
}
