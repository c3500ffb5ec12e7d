import type { Log } from '../../lib/log.ts';
import type { Timer, Timers } from '../../lib/timers.ts';

export interface RestOptions {
  readonly timers: Timers;
  readonly log: Log;
  readonly wake: () => void;
}

const REST_MS = 1_000;

/** The pause after the database did not answer. Why is told once, however many pauses it takes until it does. */
export class Rest {
  readonly #options: RestOptions;
  #timer: Timer | undefined;
  #isTold = false;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  get isOn(): boolean {
    return this.#timer !== undefined;
  }

  begin(error: unknown, subscription: string, what: string): void {
    const { timers, log, wake } = this.#options;
    if (this.isOn) return;
    log[this.#isTold ? 'debug' : 'warn']({ err: error, subscription }, what);
    this.#isTold = true;
    this.#timer = timers.after(REST_MS, wake);
  }

  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** The database has answered. */
  forget(): void {
    this.#isTold = false;
  }
}
