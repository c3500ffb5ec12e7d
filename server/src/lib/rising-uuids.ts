import type { Random } from './random.ts';

/** Ids of one millisecond. */
const MOST_COUNT = 0xfff;

/**
 * UUIDs of version 7 in the order of their making (RFC 9562 sections 5.7 and 6.2, method 1): milliseconds, a counter, chance.
 * As keys of rows that come and go: what was made together stands on the same pages of an index and goes from there together,
 * where random keys cost a page each, for the row and again for its end.
 */
export class RisingUuids {
  readonly #random: Random;
  readonly #realNow: () => number;
  #ms = 0;
  #count = MOST_COUNT;
  #prefix = '';

  /** @param realNow milliseconds since the epoch; when it goes back, the ids go on where they were */
  constructor({ random, realNow }: { readonly random: Random; readonly realNow: () => number }) {
    this.#random = random;
    this.#realNow = realNow;
  }

  next(): string {
    const nowMs = Math.floor(this.#realNow());
    if (nowMs > this.#ms) this.#begin(nowMs);
    else if (this.#count < MOST_COUNT) this.#count += 1;
    else this.#begin(this.#ms + 1);
    const chance = this.#random.bytes(8);
    chance[0] = ((chance[0] ?? 0) & 0x3f) | 0x80;
    const hex = chance.toString('hex');
    return `${this.#prefix}-7${this.#count.toString(16).padStart(3, '0')}-${hex.slice(0, 4)}-${hex.slice(4)}`;
  }

  #begin(ms: number): void {
    const hex = ms.toString(16).padStart(12, '0');
    this.#ms = ms;
    this.#count = 0;
    this.#prefix = `${hex.slice(0, 8)}-${hex.slice(8)}`;
  }
}
