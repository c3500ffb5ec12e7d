import type { Timer, Timers } from '../../lib/timers.ts';
import type { Outcome } from './outcome.ts';

export interface LivenessOptions {
  readonly timers: Timers;
  /** Silence after which the other side is asked; and how long it may leave unread what it was sent. */
  readonly periodMs: number;
  /** Nothing is read at present, so nothing can be heard. */
  readonly isDeaf: () => boolean;
  /** The other side does not take what it is sent. */
  readonly isClogged: () => boolean;
  /** Asks whether it is there. */
  readonly ask: (settle: (outcome: Outcome) => void) => void;
  readonly onSilent: (reason: string) => void;
}

/** Finds out when the other side is gone, or as good as gone: enquire_link, SMPP 3.4 sections 4.11 and 7.2. */
export class Liveness {
  readonly #options: LivenessOptions;
  readonly #timer: Timer;
  #hasHeard = true;
  #wasClogged = false;

  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#timer = options.timers.every(options.periodMs, () => this.#check());
  }

  /** Something came. */
  heard(): void {
    this.#hasHeard = true;
  }

  /** What was sent has been taken. */
  drained(): void {
    this.#wasClogged = false;
  }

  cancel(): void {
    this.#timer.cancel();
  }

  #check(): void {
    const { isDeaf, isClogged, onSilent } = this.#options;
    if (isDeaf()) return;
    if (isClogged()) {
      if (this.#wasClogged) onSilent('the other side does not read');
      this.#wasClogged = true;
      return;
    }
    if (!this.#hasHeard) this.#probe();
    this.#hasHeard = false;
  }

  #probe(): void {
    const { ask, onSilent } = this.#options;
    ask((outcome) => {
      if (outcome.kind === 'unanswered' && !this.#hasHeard) onSilent('the other side does not answer enquire_link');
    });
  }
}
