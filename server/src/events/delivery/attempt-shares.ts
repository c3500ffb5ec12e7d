import { Turns } from '../../lib/turns.ts';

/** Whether the attempts of a lane are answered soon. */
export type Pace = 'steady' | 'slow';

/** Attempts under way at once in the whole server. */
export const MOST_ATTEMPTS: Readonly<Record<Pace, number>> = { steady: 256, slow: 64 };

/**
 * Shares what a server can attempt at once among its lanes, in the order in which they ask. Lanes whose endpoints are slow
 * or away have a share of their own, so that however many they are they only wait for each other.
 */
export class AttemptShares {
  readonly #turns: Readonly<Record<Pace, Turns>>;

  constructor(most = MOST_ATTEMPTS) {
    this.#turns = { steady: new Turns(most.steady), slow: new Turns(most.slow) };
  }

  /** Runs an attempt, now or when it is the caller's turn. */
  run(pace: Pace, attempt: () => Promise<void>): Promise<void> {
    return this.#turns[pace].run(attempt);
  }
}
