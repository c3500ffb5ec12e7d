import type { Subscription } from '../subscriptions/subscription.ts';
import type { Delivery } from './attempt.ts';
import { attributeHeaders } from './attribute-headers.ts';

export interface BatchLimits {
  readonly events: number;
  readonly bytes: number;
  /** Whether two may be in one batch; any by default. */
  readonly goTogether?: (one: Delivery, other: Delivery) => boolean;
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
  const { destination } = subscription;
  const { maxEventsPerBatch, preferredBatchSizeInKilobytes, deliveryAttributeMappings } = destination.properties ?? {};
  const limits = { events: maxEventsPerBatch ?? MOST_EVENTS, bytes: (preferredBatchSizeInKilobytes ?? DEFAULT_KILOBYTES) * 1024 };
  const isDynamic = deliveryAttributeMappings?.some(({ type }) => type === 'Dynamic') === true;
  // A batch has one set of headers.
  const headersOf = ({ event }: Delivery): string => JSON.stringify(attributeHeaders(destination, event));
  return isDynamic ? { ...limits, goTogether: (one, other) => headersOf(one) === headersOf(other) } : limits;
}

/** Takes a batch off the front; an event that is larger than a batch travels alone. */
export function takeBatch(ready: Delivery[], { events, bytes, goTogether }: BatchLimits): Delivery[] {
  const [first] = ready;
  let count = 0;
  let taken = 0;
  for (const delivery of ready) {
    if (count >= events || (count > 0 && taken + delivery.bytes > bytes)) break;
    if (first !== undefined && first !== delivery && goTogether?.(first, delivery) === false) break;
    taken += delivery.bytes;
    count += 1;
  }
  return ready.splice(0, count);
}
