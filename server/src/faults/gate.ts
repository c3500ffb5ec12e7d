import type { FaultRule } from '@switchboard/contract';
import type { Clock } from '../lib/clock.ts';
import type { Chance } from './chance.ts';

export interface GateState {
  readonly matched: number;
  readonly struck: number;
  readonly spent: boolean;
}

export interface GateOptions {
  readonly rule: Pick<FaultRule, 'skip' | 'every' | 'share' | 'count'>;
  /** Epoch milliseconds. */
  readonly untilMs: number;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** Decides which of a rule's matches it strikes, and counts. */
export class Gate {
  readonly #options: GateOptions;
  #matched = 0;
  #struck = 0;
  #isClosed = false;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get state(): GateState {
    return { matched: this.#matched, struck: this.#struck, spent: this.#isSpent() };
  }

  /** Counts one match. @returns whether it is struck */
  strikes(): boolean {
    if (this.#isSpent()) return false;
    this.#matched += 1;
    const { skip = 0, every = 1, share } = this.#options.rule;
    const turn = this.#matched - skip;
    if (turn < 1 || turn % every !== 0) return false;
    if (share !== undefined && this.#options.chance() >= share) return false;
    this.#struck += 1;
    return true;
  }

  /** From now on the rule strikes no more. */
  close(): void {
    this.#isClosed = true;
  }

  #isSpent(): boolean {
    const { rule, untilMs, clock } = this.#options;
    return this.#isClosed || this.#struck >= (rule.count ?? Infinity) || clock.now() >= untilMs;
  }
}
