const MINUTE_MS = 60_000;
/** So much of a rate may come at once. */
const BURST_MS = 1_000;

/** Keeps requests to the rate that their endpoint allows (`WebHook-Allowed-Rate`): evenly, a second's worth at once at most. */
export class AllowedRate {
  readonly #intervalMs: number;
  readonly #leadMs: number;
  /** When the requests so far would have been made, one after the other. */
  #spentUntilMs = -Infinity;

  /** @param perMinute requests a minute, more than 0 */
  constructor(perMinute: number) {
    this.#intervalMs = MINUTE_MS / perMinute;
    this.#leadMs = Math.max(0, BURST_MS - this.#intervalMs);
  }

  /** Takes one request. @returns undefined when it may be made now, else when to ask again, in whole milliseconds */
  take(nowMs: number): number | undefined {
    // A clock that was set back must not hold anything up for longer than the rate does.
    this.#spentUntilMs = Math.min(Math.max(this.#spentUntilMs, nowMs), nowMs + this.#leadMs + this.#intervalMs);
    if (this.#spentUntilMs - nowMs > this.#leadMs) return Math.ceil(this.#spentUntilMs - this.#leadMs);
    this.#spentUntilMs += this.#intervalMs;
    return undefined;
  }
}
