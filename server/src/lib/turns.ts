import { Fifo } from './fifo.ts';

/** Runs asynchronous work, at most so many pieces at once; the others wait in the order in which they came. */
export class Turns {
  readonly #most: number;
  readonly #waiting = new Fifo<() => void>();
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves or rejects as `work` does. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.take();
      // The turn is handed on: it is never free while somebody waits.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
