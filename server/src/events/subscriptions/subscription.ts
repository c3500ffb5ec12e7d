import type { DeadLetterDestination, EventDestination, EventFilter, EventSchema, ProvisioningState } from '@switchboard/contract';
import type { RetryLimits } from '../delivery/retry-schedule.ts';

/** An event subscription. All but the ids is stored as JSON: never rename a member. */
export interface Subscription {
  readonly id: string;
  /** Id of the resource or custom topic. */
  readonly sourceId: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly state: ProvisioningState;
  /** Why the handshake failed, or what it waits for. */
  readonly reason?: string;
  readonly destination: EventDestination;
  readonly filter: EventFilter;
  readonly labels: readonly string[];
  /** Nothing is delivered from then on. */
  readonly expiresAtMs?: number;
  readonly schema: EventSchema;
  readonly retry: RetryLimits;
  readonly deadLetter?: DeadLetterDestination;
}
