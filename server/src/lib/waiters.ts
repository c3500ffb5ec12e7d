import type { Timers } from './timers.ts';

export interface WaitOptions {
  /** Longest wait, milliseconds of real time. */
  readonly waitMs: number;
  /** Called once with what ends the wait early, e.g. when the client has gone. */
  readonly whenOver?: (end: () => void) => void;
}

/** How long a call waits for what it looks for. */
export interface Patience {
  /** How many are wanted. */
  readonly count: number;
  /** Longest wait for them, milliseconds of real time; 0 for none. */
  readonly waitMs: number;
  /** Given what ends the wait early. */
  readonly whenOver: (end: () => void) => void;
  /** Runs the wait itself: whoever serves the call may have to know that it only waits. */
  readonly outside: (wait: () => Promise<void>) => Promise<void>;
}

interface Waiter<T> {
  readonly test: (item: T) => boolean;
  readonly end: () => void;
}

/** Those who wait for an item of some kind: a bounded number, each for a bounded time. */
export class Waiters<T> {
  readonly #timers: Timers;
  readonly #capacity: number;
  readonly #waiting = new Set<Waiter<T>>();
  #isClosed = false;

  constructor(options: { readonly timers: Timers; readonly capacity: number }) {
    this.#timers = options.timers;
    this.#capacity = options.capacity;
  }

  /** No more may wait. */
  get isFull(): boolean {
    return this.#waiting.size >= this.#capacity;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Resolves when an item that passes was offered, the time is over, the wait was ended early, or all were closed. */
  wait(test: (item: T) => boolean, { waitMs, whenOver }: WaitOptions): Promise<void> {
    if (this.#isClosed || this.isFull) return Promise.resolve();
    const over = Promise.withResolvers<undefined>();
    const waiter: Waiter<T> = {
      test,
      end: () => {
        timer.cancel();
        this.#waiting.delete(waiter);
        over.resolve(undefined);
      },
    };
    const timer = this.#timers.after(waitMs, waiter.end);
    this.#waiting.add(waiter);
    whenOver?.(waiter.end);
    return over.promise;
  }

  /**
   * Looks at what is stored, and waits for what is missing. New items are heard of from before that look, so that nothing comes in between.
   *
   * @param hear whether nothing is missing any more, now that this item came
   * @param look resolves with whether nothing is missing among what is stored
   */
  async lookAndWait(
    { hear, look }: { readonly hear: (item: T) => boolean; readonly look: () => Promise<boolean> },
    { waitMs, whenOver, outside }: Patience,
  ): Promise<void> {
    let end = (): void => undefined;
    const over = this.wait(hear, {
      waitMs,
      whenOver: (stop) => {
        end = stop;
        whenOver(stop);
      },
    });
    try {
      if (!(await look())) await outside(() => over);
    } finally {
      end();
    }
  }

  offer(item: T): void {
    if (this.#waiting.size === 0) return;
    for (const waiter of [...this.#waiting]) if (waiter.test(item)) waiter.end();
  }

  /** Ends every wait; nobody waits from then on. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const waiter of [...this.#waiting]) waiter.end();
  }
}
