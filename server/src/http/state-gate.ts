import { Serial } from '../lib/serial.ts';
import type { Timers } from '../lib/timers.ts';
import { httpErrors } from './errors.ts';

/** How long requests being served may take to end before a replacement gives up. */
const DRAIN_MS = 10_000;

/**
 * Keeps requests and a replacement of the whole state (reset, restored snapshot) apart: what is being served is finished
 * before, what arrives meanwhile waits and is judged by the new state. A request that was admitted under the old state but
 * not yet served is refused: its caller may not exist any more, and ids of the new state can equal those of the old.
 */
export class StateGate {
  readonly #timers: Timers;
  readonly #replacements = new Serial();
  /** Grows with each replacement. */
  #generation = 0;
  #serving = 0;
  #closed: PromiseWithResolvers<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** The present state, to be remembered by what is admitted under it. */
  get generation(): number {
    return this.#generation;
  }

  /** Resolves when no replacement is under way; undefined when none is. */
  get opened(): Promise<void> | undefined {
    return this.#closed?.promise;
  }

  /**
   * Serves a request.
   *
   * @param admittedUnder the generation at which the caller was judged
   * @throws ApiError 503 when the state was or is being replaced since then; then `work` was not run
   */
  async serve<T>(admittedUnder: number, work: () => T | Promise<T>): Promise<T> {
    if (this.#closed !== undefined || admittedUnder !== this.#generation) throw httpErrors.stateReplaced();
    this.#serving += 1;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /**
   * For a request being served that waits for something to happen: a replacement need not wait for it. What the request
   * knew before need not hold afterwards, so it should only answer then, or look again.
   */
  async outside<T>(wait: () => Promise<T>): Promise<T> {
    this.#leave();
    try {
      return await wait();
    } finally {
      await this.opened;
      this.#serving += 1;
    }
  }

  /**
   * For a request being served that replaces the state: runs `work` while no other request is served.
   *
   * @throws ApiError 503 when the others do not end in time; then `work` was not run
   */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    this.#leave();
    try {
      return await this.#replacements.run(() => this.#alone(work));
    } finally {
      this.#serving += 1;
    }
  }

  #leave(): void {
    this.#serving -= 1;
    if (this.#serving === 0) this.#onIdle?.();
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const closed = Promise.withResolvers<void>();
    this.#closed = closed;
    try {
      await this.#idle();
      this.#generation += 1;
      return await work();
    } finally {
      this.#closed = undefined;
      closed.resolve();
    }
  }

  async #idle(): Promise<void> {
    if (this.#serving === 0) return;
    const idle = Promise.withResolvers<void>();
    const timer = this.#timers.after(DRAIN_MS, () => idle.reject(httpErrors.notIdle(this.#serving, DRAIN_MS)));
    this.#onIdle = idle.resolve;
    try {
      await idle.promise;
    } finally {
      this.#onIdle = undefined;
      timer.cancel();
    }
  }
}
