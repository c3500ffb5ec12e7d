/** Dropped places are given back when there are so many, and more of them than of others. */
const MOST_DROPPED = 1_024;

/**
 * First in, first out, in constant time. Not a `Map` or `Set`: those look for their first entry past all that were deleted
 * before it, which in a long queue takes longer than everything else.
 */
export class Fifo<T extends object> {
  readonly #items: (T | undefined)[] = [];
  #first = 0;

  get size(): number {
    return this.#items.length - this.#first;
  }

  /** The oldest. */
  get first(): T | undefined {
    return this.#items[this.#first];
  }

  add(item: T): void {
    this.#items.push(item);
  }

  /** Takes out the oldest. */
  take(): T | undefined {
    const item = this.#items[this.#first];
    if (item === undefined) return undefined;
    this.#items[this.#first] = undefined;
    this.#first += 1;
    if (this.#first > MOST_DROPPED && this.#first > this.size) {
      this.#items.splice(0, this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** The newest first. */
  *newestFirst(): Generator<T> {
    for (let i = this.#items.length - 1; i >= this.#first; i--) {
      const item = this.#items[i];
      if (item !== undefined) yield item;
    }
  }

  clear(): void {
    this.#items.length = 0;
    this.#first = 0;
  }
}
