import type { Clock } from '../lib/clock.ts';
import type { Limits } from './limits.ts';
import { rateRefusal } from './rate-refusal.ts';
import { LIMITS, type RateName } from './table.ts';

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
      if (!isFirst && window.used + amount > most) throw rateRefusal(limits, name, window.endsAtMs - now);
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
