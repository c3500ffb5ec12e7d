/** Whether the attempts of a lane are answered soon. */
export type Pace = 'steady' | 'slow';

/** Attempts under way at once in the whole server. */
const MOST: Readonly<Record<Pace, number>> = { steady: 256, slow: 64 };

/**
 * Shares what a server can attempt at once among its lanes, in the order in which they ask. Lanes whose endpoints are slow
 * or away have a share of their own, so that however many they are they only wait for each other.
 */
export class Turns {
  readonly #shares: Readonly<Record<Pace, Share>>;

  constructor(most: Readonly<Record<Pace, number>> = MOST) {
    this.#shares = { steady: new Share(most.steady), slow: new Share(most.slow) };
  }

  /** Calls `begin`, now or when it is the caller's turn, with what ends the turn. */
  ask(pace: Pace, begin: (end: () => void) => void): void {
    this.#shares[pace].ask(begin);
  }
}

class Share {
  #free: number;
  /** In the order of their asking; a set, because thousands may wait. */
  readonly #waiting = new Set<(end: () => void) => void>();

  constructor(most: number) {
    this.#free = most;
  }

  ask(begin: (end: () => void) => void): void {
    if (this.#free === 0) {
      this.#waiting.add(begin);
      return;
    }
    this.#free -= 1;
    begin(() => this.#end());
  }

  #end(): void {
    this.#free += 1;
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      this.ask(next);
      return;
    }
  }
}
