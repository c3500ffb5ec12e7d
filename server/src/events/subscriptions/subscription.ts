import type { DeadLetterDestination, EventDestination, EventFilter, EventSchema, ProvisioningState } from '@switchboard/contract';
import type { RetryLimits } from '../delivery/retry-schedule.ts';

/** What a caller says of a subscription, checked. Stored as JSON: never rename a member. */
export interface SubscriptionDefinition {
  readonly destination: EventDestination;
  readonly filter: EventFilter;
  readonly labels: readonly string[];
  /** Nothing is delivered from then on. */
  readonly expiresAtMs?: number;
  readonly schema: EventSchema;
  readonly retry: RetryLimits;
  readonly deadLetter?: DeadLetterDestination;
}

/** An event subscription. All but the ids is stored as JSON: never rename a member. */
export interface Subscription extends SubscriptionDefinition {
  readonly id: string;
  /** Id of the resource or custom topic. */
  readonly sourceId: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly state: ProvisioningState;
  /** Why the handshake failed, or what it waits for. */
  readonly reason?: string;
  /** Whether events are delivered: its endpoint agreed. A change that its endpoint did not agree to leaves this as it was. */
  readonly isLive: boolean;
  /** Of a live subscription: the change that its endpoint has not agreed to yet. Until then the members above hold. */
  readonly pending?: SubscriptionDefinition;
  /** While somebody is to open the validation URL. */
  readonly manual?: ManualConsent;
  /** Requests a minute that the endpoint allows; undefined for any number. */
  readonly ratePerMinute?: number;
}

/** The validation URL that an endpoint was sent: whoever reads what is sent there may agree for it. */
export interface ManualConsent {
  /** Unguessable part of the URL. */
  readonly key: string;
  readonly untilMs: number;
}

/** What was asked for last: shown to whoever asks for the subscription, and what a change changes. */
export function wantedOf(subscription: Subscription): SubscriptionDefinition {
  return subscription.pending ?? subscription;
}

/** Whether deliveries go on as they are when one takes the place of the other. */
export function deliversAlike(one: Subscription, other: Subscription): boolean {
  return (
    one.destination === other.destination &&
    one.schema === other.schema &&
    one.retry === other.retry &&
    one.deadLetter === other.deadLetter &&
    one.ratePerMinute === other.ratePerMinute
  );
}
