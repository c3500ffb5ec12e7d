import type { Delivery } from '../delivery/attempt.ts';
import type { Event } from '../event.ts';
import type { LoggedAttempt } from './logged-event.ts';

/** What an event, a delivery and an attempt weigh without what is in them. */
export const EVENT_BYTES = 1_000;
export const DELIVERY_BYTES = 400;
const ATTEMPT_BYTES = 200;

/** What events take: two bytes for a character of their JSON, which is known of those that were queued. */
export function weightOf(events: readonly Event[], queued: readonly { readonly delivery: Delivery }[]): number {
  const known = new Map(queued.map(({ delivery: { event, bytes } }) => [event, bytes]));
  let characters = 0;
  for (const event of events) characters += known.get(event) ?? (JSON.stringify(event.data) as string | undefined)?.length ?? 0;
  return 2 * characters;
}

/** None for an attempt that is not there. */
export function bytesOf(attempt: LoggedAttempt | undefined): number {
  return attempt === undefined ? 0 : ATTEMPT_BYTES + 2 * (attempt.detail?.length ?? 0);
}
