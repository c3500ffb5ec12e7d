import type { Clock } from '../lib/clock.ts';
import { ApiError } from '../lib/errors.ts';
import type { Limits } from './limits.ts';
import { type LimitRow, LIMITS, type RateName } from './table.ts';

interface Window {
  readonly endsAtMs: number;
  used: number;
}

/** What a call is counted as. */
interface Counted {
  readonly name: RateName;
  /** Whose it is. */
  readonly key: string;
  /** In the unit of the rate (1). */
  readonly amount?: number;
}

/** Windows held at once, about 150 bytes each. Beyond that the oldest give way, which errs in the caller's favour. */
const CAPACITY = 100_000;

/**
 * Counts calls, or what they bring, in windows that begin with the first call. The windows follow the product's clock, so
 * that a virtual one steers them.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Counts one call of `key` (a resource, user, thread or both).
   *
   * @throws ApiError 429 with `Retry-After` when the limit of the window is used up; the call is not counted then
   */
  take(limits: Limits, name: RateName, key: string): void {
    this.takeAll(limits, [{ name, key }]);
  }

  /**
   * Counts one call under several rates, or under none when one of them refuses. A call that brings more than a whole window
   * may hold is taken when nothing was before it: it would never be otherwise.
   *
   * @throws ApiError 429 as {@link take}
   */
  takeAll(limits: Limits, counted: readonly Counted[]): void {
    const now = this.#clock.now();
    const windows: { readonly window: Window; readonly amount: number }[] = [];
    for (const { name, key, amount = 1 } of counted) {
      const most = limits.value(name);
      if (most === Infinity) continue;
      const window = this.#window(`${name} ${key}`, now, LIMITS[name].windowSeconds * 1000);
      const isFirst = window.used === 0 && most > 0;
      if (!isFirst && window.used + amount > most) throw refusal(limits, name, window.endsAtMs - now);
      windows.push({ window, amount });
    }
    for (const { window, amount } of windows) window.used += amount;
  }

  /** Forgets every call so far. */
  clear(): void {
    this.#windows.clear();
  }

  #window(key: string, nowMs: number, lengthMs: number): Window {
    const current = this.#windows.get(key);
    // A clock that went back must not prolong a window.
    if (current !== undefined && current.endsAtMs > nowMs && current.endsAtMs <= nowMs + lengthMs) return current;
    this.#windows.delete(key);
    if (this.#windows.size >= CAPACITY) {
      const oldest = this.#windows.keys().next();
      if (oldest.done !== true) this.#windows.delete(oldest.value);
    }
    const fresh = { endsAtMs: nowMs + lengthMs, used: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }
}

function refusal(limits: Limits, name: RateName, leftMs: number): ApiError {
  const row: LimitRow = LIMITS[name];
  const seconds = Math.max(1, Math.ceil(leftMs / 1000));
  const passes = row.handbook === null ? 'the preset handbook has no such limit' : 'every preset has this limit';
  const message = `More than ${limits.value(name)} ${row.unit}: limit ${name} under the preset ${limits.preset}; ${passes}. Try again in ${seconds} s.`;
  return new ApiError('TooManyRequests', message, {
    retryAfterSeconds: seconds,
    explanation: {
      rule: `limit.${name}`,
      cure: 'Spread the calls, honour Retry-After, or choose another preset. GET /admin/limits lists all.',
      limit: { name, value: limits.value(name), preset: limits.preset },
    },
  });
}
