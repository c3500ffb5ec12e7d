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

export interface LastAttempt {
  readonly atMs: number;
  readonly outcome: Outcome;
}

/** An event on its way to one subscriber. */
export interface Delivery {
  /** Of this delivery, not of the event. */
  readonly id: string;
  readonly event: Event;
  /** What it takes, about. */
  readonly bytes: number;
  /** Attempts that failed. */
  readonly attempts: number;
  readonly publishedAtMs: number;
  /** The last of these attempts, where there was one. */
  readonly last?: LastAttempt | undefined;
}

/** Where the events of a subscription go. */
export interface Endpoint {
  /** One attempt. Never throws: whatever happens is a result. */
  deliver(batch: readonly Delivery[]): Promise<AttemptResult>;
  /** Kinds of Azure resources are treated otherwise than webhooks where they refuse us (wire/event-grid.md 4). */
  readonly isAzureResource?: boolean;
  /** Ends what is under way or only waits: nobody asks for its result any more. */
  close?(): void;
}
