import type { Attempt, Delivery, LoggedEvent } from './events-api.ts';

const PREFIX = 'Microsoft.Communication.';

/** A type as people say it; types of others are left whole. */
export function shortType(type: string): string {
  return type.startsWith(PREFIX) ? type.slice(PREFIX.length) : type;
}

/** How the deliveries of an event stand, in one word: what needs attention first. Of each subscription its last one counts, which may be a replay. */
export type Standing = 'retrying' | 'waiting' | 'deadLettered' | 'dropped' | 'delivered' | 'unwanted';

export function standingOf(deliveries: LoggedEvent['deliveries']): Standing {
  if (deliveries.length === 0) return 'unwanted';
  const last = new Map(deliveries.map((delivery) => [delivery.subscription, delivery]));
  const standings = new Set([...last.values()].map(standingOfOne));
  return (['retrying', 'dropped', 'deadLettered', 'waiting'] as const).find((one) => standings.has(one)) ?? 'delivered';
}

export function standingOfOne({ state, attemptCount }: Pick<Delivery, 'state' | 'attemptCount'>): Standing {
  if (state === 'waiting') return attemptCount > 0 ? 'retrying' : 'waiting';
  return state === 'dropped' || state === 'deadLettered' ? state : 'delivered';
}

const WORDS: Readonly<Record<Standing, string>> = {
  retrying: 'Retrying',
  waiting: 'Waiting',
  deadLettered: 'Dead-lettered',
  dropped: 'Dropped',
  delivered: 'Delivered',
  unwanted: 'Not subscribed',
};

export function standingText(standing: Standing): string {
  return WORDS[standing];
}

/** What an endpoint answered: `204 Delivered`, `TimedOut`. */
export function outcomeText({ status, outcome }: Pick<Attempt, 'status' | 'outcome'>): string {
  return status === undefined ? outcome : `${status} ${outcome}`;
}

/** What a replay led to. */
export function queuedText(queued: number): string {
  if (queued === 0) return 'No subscription wants this event.';
  return queued === 1 ? 'On its way to one subscription.' : `On its way to ${queued} subscriptions.`;
}
