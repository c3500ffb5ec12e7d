import type { Fifo } from '../../lib/fifo.ts';
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
export function takeBatch(ready: Fifo<Delivery>, { events, bytes, goTogether }: BatchLimits): Delivery[] {
  const batch: Delivery[] = [];
  let taken = 0;
  for (let next = ready.first; next !== undefined && batch.length < events; next = ready.first) {
    const [first] = batch;
    if (first !== undefined && (taken + next.bytes > bytes || goTogether?.(first, next) === false)) break;
    ready.take();
    batch.push(next);
    taken += next.bytes;
  }
  return batch;
}
