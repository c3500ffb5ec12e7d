import type { ArmEventSubscription } from '@switchboard/contract';
import { shownDestination } from '../subscriptions/shown-destination.ts';
import { type Subscription, wantedOf } from '../subscriptions/subscription.ts';
import type { Scope } from './scopes.ts';

const MINUTE_MS = 60_000;

/** A subscription as resource management shows it: without secrets. */
export function shownSubscription(subscription: Subscription, { source, base, type }: Scope): ArmEventSubscription {
  const { name, state } = subscription;
  const { destination, filter, labels, schema, retry, expiresAtMs, deadLetter } = wantedOf(subscription);
  return {
    id: `${base}/eventSubscriptions/${name}`,
    name,
    type,
    properties: {
      topic: source.topic,
      provisioningState: state,
      destination: shownDestination(destination),
      filter: { ...filter, includedEventTypes: filter.includedEventTypes ?? null },
      labels: [...labels],
      eventDeliverySchema: schema,
      retryPolicy: { maxDeliveryAttempts: retry.maxAttempts, eventTimeToLiveInMinutes: retry.timeToLiveMs / MINUTE_MS },
      ...(expiresAtMs === undefined ? {} : { expirationTimeUtc: new Date(expiresAtMs).toISOString() }),
      ...(deadLetter === undefined ? {} : { deadLetterDestination: deadLetter }),
    },
  };
}
