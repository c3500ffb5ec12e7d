import { fraction, type Random } from '../../lib/random.ts';
import type { AttemptResult, Outcome } from './attempt.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits after the first, second, … attempt; the last repeats (wire/event-grid.md 4). */
const STEPS_MS = [
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
];

/** What is not tried again when it is the answer, with the reason that Event Grid gives in dead letters. */
const FINAL: Readonly<Partial<Record<Outcome, string>>> = {
  BadRequest: 'UndeliverableDueToHttpBadRequest',
  PayloadTooLarge: 'UndeliverableDueToHttpRequestEntityTooLarge',
  Unauthorized: 'UndeliverableDueToHttpUnauthorized',
  Forbidden: 'UndeliverableDueToHttpForbidden',
};

/** Least waits that an answer asks for, whatever the step. */
const LEAST_WAITS_MS: Readonly<Record<number, number>> = {
  401: 5 * MINUTE_MS,
  404: 5 * MINUTE_MS,
  408: 2 * MINUTE_MS,
  503: 30 * SECOND_MS,
};

/** Waits are lengthened by up to this part, so that retries of many events do not come in one moment. */
const JITTER = 0.1;

export interface RetryLimits {
  readonly maxAttempts: number;
  readonly timeToLiveMs: number;
}

export type AfterAttempt = { readonly kind: 'retry'; readonly atMs: number } | { readonly kind: 'giveUp'; readonly reason: string };

/** What has failed, and when. */
export interface Failure {
  readonly result: AttemptResult;
  /** This one included. */
  readonly attempts: number;
  readonly publishedAtMs: number;
  readonly nowMs: number;
  readonly isAzureResource: boolean;
}

/** Reason of what was not delivered in its time. */
export const EXPIRED = 'TimeToLiveExceeded';

/** What follows a failed attempt. An event whose time is over by then is given up when it is due, see {@link isExpired}. */
export function afterFailure(failure: Failure, limits: RetryLimits, random: Random): AfterAttempt {
  const { result, attempts, publishedAtMs, nowMs, isAzureResource } = failure;
  const final = isAzureResource && result.outcome === 'Unauthorized' ? undefined : FINAL[result.outcome];
  if (final !== undefined) return { kind: 'giveUp', reason: final };
  if (attempts >= limits.maxAttempts) return { kind: 'giveUp', reason: 'MaxDeliveryAttemptsExceeded' };
  const step = STEPS_MS[Math.min(attempts, STEPS_MS.length) - 1] ?? HOUR_MS;
  const least = result.status === undefined ? 0 : (LEAST_WAITS_MS[result.status] ?? 0);
  const waitMs = Math.round(Math.max(step, least) * (1 + JITTER * fraction(random)));
  return { kind: 'retry', atMs: Math.min(nowMs + waitMs, publishedAtMs + limits.timeToLiveMs) };
}

export function isExpired(publishedAtMs: number, limits: RetryLimits, nowMs: number): boolean {
  return nowMs - publishedAtMs >= limits.timeToLiveMs;
}
