import type { Random } from '../../lib/random.ts';
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

/** An endpoint that says this is not asked again. */
const FINAL: ReadonlySet<Outcome> = new Set(['BadRequest', 'PayloadTooLarge', 'Unauthorized', 'Forbidden']);

/** Least waits that an answer asks for, whatever the step. */
const LEAST_WAITS_MS: Readonly<Record<number, number>> = { 404: 5 * MINUTE_MS, 408: 2 * MINUTE_MS, 503: 30 * SECOND_MS };

/** Waits are lengthened by up to this part, so that retries of many events do not come in one moment. */
const JITTER = 0.1;

export interface RetryLimits {
  readonly maxAttempts: number;
  readonly timeToLiveMs: number;
}

export type AfterAttempt =
  | { readonly kind: 'retry'; readonly atMs: number }
  | { readonly kind: 'giveUp'; readonly reason: 'MaxDeliveryAttemptsExceeded' | 'NotRetried' };

/** What follows a failed attempt. An event whose time is over by then is given up when it is due, see {@link isExpired}. */
export function afterFailure(
  failure: { readonly result: AttemptResult; readonly attempts: number; readonly publishedAtMs: number; readonly nowMs: number },
  limits: RetryLimits,
  random: Random,
): AfterAttempt {
  const { result, attempts, publishedAtMs, nowMs } = failure;
  if (FINAL.has(result.outcome)) return { kind: 'giveUp', reason: 'NotRetried' };
  if (attempts >= limits.maxAttempts) return { kind: 'giveUp', reason: 'MaxDeliveryAttemptsExceeded' };
  const step = STEPS_MS[Math.min(attempts, STEPS_MS.length) - 1] ?? HOUR_MS;
  const least = result.status === undefined ? 0 : (LEAST_WAITS_MS[result.status] ?? 0);
  const waitMs = Math.round(Math.max(step, least) * (1 + JITTER * chance(random)));
  return { kind: 'retry', atMs: Math.min(nowMs + waitMs, publishedAtMs + limits.timeToLiveMs) };
}

export function isExpired(publishedAtMs: number, limits: RetryLimits, nowMs: number): boolean {
  return nowMs - publishedAtMs >= limits.timeToLiveMs;
}

/** A number from 0 up to 1. */
function chance(random: Random): number {
  return random.bytes(4).readUInt32BE() / 2 ** 32;
}
