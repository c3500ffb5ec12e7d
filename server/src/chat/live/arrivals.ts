import type { Timers } from '../../lib/timers.ts';
import type { LiveConnection } from './live-connection.ts';

/** How long a client may take from its connection to its registration; the SDK gives up on a registration after 10 s. */
const HOLD_MS = 20_000;
/** What may wait for one client, in characters. The texts are shared by all who get them. */
const MAX_HELD_CHARS = 1_048_576;

interface Arrival {
  readonly sinceMs: number;
  tails: string[];
  chars: number;
  /** When the newest was held back. */
  newestMs: number;
}

/**
 * Connections that are open and not registered yet. The chat SDK says that it is connected before it registers, which is when an
 * application lists what it missed; what happens between that list and the registration is held back here, and pushed then. So
 * nothing falls between list and pushes.
 */
export class Arrivals {
  readonly #timers: Timers;
  /** In the order of their opening. */
  readonly #arrivals = new Map<LiveConnection, Arrival>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  add(connection: LiveConnection): void {
    const sinceMs = this.#timers.monotonicMs();
    this.#arrivals.set(connection, { sinceMs, tails: [], chars: 0, newestMs: 0 });
  }

  has(connection: LiveConnection): boolean {
    return this.#arrivals.has(connection);
  }

  /** @param tail what is to be pushed once the connection is registered; too much ends the connection, like any slow reader's */
  hold(connection: LiveConnection, tail: string): void {
    const arrival = this.#arrivals.get(connection);
    if (arrival === undefined) return;
    arrival.tails.push(tail);
    arrival.chars += tail.length;
    arrival.newestMs = this.#timers.monotonicMs();
    if (arrival.chars > MAX_HELD_CHARS) connection.terminate('too slow to register');
  }

  /**
   * The connection is registered.
   *
   * @param previous had the registration until now, and was pushed the same
   * @returns what is to be pushed to it now
   */
  release(connection: LiveConnection, previous: LiveConnection | undefined): readonly string[] {
    const arrival = this.#arrivals.get(connection);
    this.#arrivals.delete(connection);
    if (arrival === undefined) return [];
    // A client answers every push. One that was heard since has them; one that was not may be a line that nobody holds any more.
    return previous !== undefined && previous.heardMs >= arrival.newestMs ? [] : arrival.tails;
  }

  remove(connection: LiveConnection): void {
    this.#arrivals.delete(connection);
  }

  /** Forgets what is held for those who do not register. */
  sweep(): void {
    const beforeMs = this.#timers.monotonicMs() - HOLD_MS;
    for (const [connection, { sinceMs }] of this.#arrivals) {
      if (sinceMs > beforeMs) return;
      this.#arrivals.delete(connection);
    }
  }
}
