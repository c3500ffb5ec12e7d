import { Fifo } from '../../lib/fifo.ts';

/** What goes to somebody. */
interface Addressed {
  readonly to: string;
}

/**
 * Lets things go to their phones in turn: one at a time to each phone, in the order in which they came, and to different phones
 * in no particular order.
 */
export class TurnsOfPhones<T extends Addressed> {
  /** In the order in which they came; whether their phones are busy is not known yet. */
  readonly #ready = new Fifo<T>();
  /** For phones that have become free, or again after an attempt that came to nothing. */
  readonly #next = new Fifo<T>();
  /** What waits for each phone that is busy. */
  readonly #busy = new Map<string, Fifo<T> | undefined>();
  #size = 0;

  /** Things that have not begun. */
  get size(): number {
    return this.#size;
  }

  add(thing: T): void {
    this.#size += 1;
    this.#ready.add(thing);
  }

  /** The next whose phone is free, and from now on busy; undefined when there is none. */
  take(): T | undefined {
    const freed = this.#next.take();
    if (freed !== undefined) {
      this.#size -= 1;
      return freed;
    }
    for (let thing = this.#ready.take(); thing !== undefined; thing = this.#ready.take()) {
      if (!this.#busy.has(thing.to)) {
        this.#busy.set(thing.to, undefined);
        this.#size -= 1;
        return thing;
      }
      const waiting = this.#busy.get(thing.to) ?? new Fifo<T>();
      waiting.add(thing);
      this.#busy.set(thing.to, waiting);
    }
    return undefined;
  }

  /** A thing that was taken comes back, before all others to its phone. */
  putBack(thing: T): void {
    this.#size += 1;
    this.#next.add(thing);
  }

  /** A thing that was taken is done with. */
  release({ to }: T): void {
    const waiting = this.#busy.get(to)?.take();
    if (waiting === undefined) this.#busy.delete(to);
    else this.#next.add(waiting);
  }

  clear(): void {
    this.#ready.clear();
    this.#next.clear();
    this.#busy.clear();
    this.#size = 0;
  }
}
