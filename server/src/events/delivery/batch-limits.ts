import type { Subscription } from '../subscriptions/subscription.ts';
import type { Delivery } from './attempt.ts';

export interface BatchLimits {
  readonly events: number;
  readonly bytes: number;
}

/** Wire/event-grid.md 4, "Bodies". */
const MOST_EVENTS = 5_000;
const DEFAULT_KILOBYTES = 64;

/** Whether events travel in batches: as soon as either size of a batch was chosen. */
export function isBatched({ destination }: Subscription): boolean {
  const { maxEventsPerBatch, preferredBatchSizeInKilobytes } = destination.properties ?? {};
  return (maxEventsPerBatch ?? 1) > 1 || (preferredBatchSizeInKilobytes ?? undefined) !== undefined;
}

export function batchLimitsOf(subscription: Subscription): BatchLimits {
  if (!isBatched(subscription)) return { events: 1, bytes: 0 };
  const { maxEventsPerBatch, preferredBatchSizeInKilobytes } = subscription.destination.properties ?? {};
  return { events: maxEventsPerBatch ?? MOST_EVENTS, bytes: (preferredBatchSizeInKilobytes ?? DEFAULT_KILOBYTES) * 1024 };
}

/** Takes a batch off the front; an event that is larger than a batch travels alone. */
export function takeBatch(ready: Delivery[], { events, bytes }: BatchLimits): Delivery[] {
  let count = 0;
  let taken = 0;
  for (const delivery of ready) {
    if (count >= events || (count > 0 && taken + delivery.bytes > bytes)) break;
    taken += delivery.bytes;
    count += 1;
  }
  return ready.splice(0, count);
}
