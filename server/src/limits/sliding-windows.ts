import type { Clock } from '../lib/clock.ts';
import type { Limits } from './limits.ts';
import { rateRefusal } from './rate-refusal.ts';
import { LIMITS, type RateName } from './table.ts';

/** Amounts by their times, oldest first. */
interface Taken {
  readonly amounts: { readonly atMs: number; amount: number }[];
  /** Of all of them. */
  sum: number;
}

/** Those who take something at once; beyond it the one that began first gives way, which errs in its favour. */
const CAPACITY = 10_000;

/**
 * Allows so much in any span of a rate, wherever it begins, by the clock of the product. Exact, for the price of remembering what was taken
 * when: for rates of some thousands at most. {@link ./rate-limiter.ts} is for all others.
 */
export class SlidingWindows {
  readonly #clock: Clock;
  readonly #taken = new Map<string, Taken>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes an amount under several rates, all of it or nothing. More than a whole span allows is taken when nothing was before it: it would
   * never be otherwise.
   *
   * @throws ApiError 429 with the seconds after which it would pass in `Retry-After`
   */
  takeAll(limits: Limits, names: readonly RateName[], { key, amount }: { readonly key: string; readonly amount: number }): void {
    const now = this.#clock.now();
    const limited = names.filter((name) => amount > 0 && limits.value(name) !== Infinity);
    const windows = limited.map((name) => this.#withRoom(limits, name, { key, amount, now }));
    for (const taken of windows) {
      const last = taken.amounts.at(-1);
      if (last?.atMs === now) last.amount += amount;
      else taken.amounts.push({ atMs: now, amount });
      taken.sum += amount;
    }
  }

  /** @throws ApiError 429 */
  #withRoom(
    limits: Limits,
    name: RateName,
    { key, amount, now }: { readonly key: string; readonly amount: number; readonly now: number },
  ): Taken {
    const most = limits.value(name);
    const spanMs = LIMITS[name].windowSeconds * 1_000;
    const taken = this.#of(`${name} ${key}`);
    dropOver(taken, now - spanMs, now);
    const isFirst = taken.sum === 0 && most > 0;
    if (!isFirst && taken.sum + amount > most) throw rateRefusal(limits, name, freeAtMs(taken, most - amount, spanMs) - now);
    return taken;
  }

  /** Forgets everything so far. */
  clear(): void {
    this.#taken.clear();
  }

  #of(key: string): Taken {
    const known = this.#taken.get(key);
    if (known !== undefined) return known;
    if (this.#taken.size >= CAPACITY) {
      const oldest = this.#taken.keys().next();
      if (oldest.done !== true) this.#taken.delete(oldest.value);
    }
    const fresh = { amounts: [], sum: 0 };
    this.#taken.set(key, fresh);
    return fresh;
  }
}

function dropOver(taken: Taken, overUntilMs: number, nowMs: number): void {
  const { amounts } = taken;
  // A clock that went back leaves times that have not come: they count no more.
  for (let last = amounts.at(-1); last !== undefined && last.atMs > nowMs; last = amounts.at(-1)) {
    taken.sum -= last.amount;
    amounts.pop();
  }
  let over = 0;
  for (let first = amounts[0]; first !== undefined && first.atMs <= overUntilMs; first = amounts[over]) {
    taken.sum -= first.amount;
    over += 1;
  }
  if (over > 0) amounts.splice(0, over);
}

/** When no more than `rest` is left of what was taken. */
function freeAtMs({ amounts, sum }: Taken, rest: number, spanMs: number): number {
  let left = sum;
  for (const { atMs, amount } of amounts) {
    left -= amount;
    if (left <= Math.max(0, rest)) return atMs + spanMs;
  }
  return spanMs;
}
