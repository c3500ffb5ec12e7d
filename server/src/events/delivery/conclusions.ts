import type { Timer, Timers } from '../../lib/timers.ts';
import type { Transaction } from '../../storage/index.ts';
import type { Delivery } from './attempt.ts';

/** What became of a delivery, to be noted in the store. */
export interface Conclusion {
  readonly delivery: Delivery;
  /** It was delivered or given up, and is to be removed; else it waits for another attempt. */
  readonly isOver: boolean;
  readonly write?: (tx: Transaction) => Promise<void>;
  /** Called when it is on disk. */
  readonly then?: () => void;
}

export interface ConclusionsOptions {
  readonly timers: Timers;
  /** Nothing is under way that would end soon: what has ended is noted at once. */
  readonly isQuiet: () => boolean;
  readonly write: (work: (tx: Transaction) => Promise<void>) => Promise<void>;
  readonly remove: (tx: Transaction, ids: readonly string[]) => Promise<void>;
  readonly onNoted: (deliveries: readonly Delivery[]) => void;
  readonly onFailed: (error: unknown) => void;
  /** Whether the store is still the one that the deliveries came from: else nothing is noted. */
  readonly isCurrent: () => boolean;
}

const AT_ONCE = 200;
/** So many are worth a transaction of their own. */
const ENOUGH = 64;
/** Fewer wait so long for others: a crash repeats what was not noted, and a transaction for each would cost more than the delivery. */
const GATHER_MS = 10;

/**
 * Notes what became of deliveries, in the order of their ends: many in one transaction while many are under way.
 * What cannot be noted stays until {@link note}, so that a full disk does not deliver the same events again and again.
 */
export class Conclusions {
  readonly #options: ConclusionsOptions;
  readonly #waiting: Conclusion[] = [];
  #isNoting = false;
  #hasFailed = false;
  #gathering: Timer | undefined;

  constructor(options: ConclusionsOptions) {
    this.#options = options;
  }

  /** Something could not be noted, and has not been since. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Something will be noted without being asked. */
  get isBusy(): boolean {
    return this.#isNoting || (this.#waiting.length > 0 && !this.#hasFailed);
  }

  add(conclusions: readonly Conclusion[]): void {
    this.#waiting.push(...conclusions);
    this.noteSoon();
  }

  /** Begins when there is enough, or nothing to wait for; not after a failure. */
  noteSoon(): void {
    if (this.#hasFailed || this.#isNoting || this.#waiting.length === 0) return;
    if (this.#waiting.length >= ENOUGH || this.#options.isQuiet()) this.note();
    else this.#gathering ??= this.#options.timers.after(GATHER_MS, () => this.note());
  }

  /** Begins, or goes on after a failure. */
  note(): void {
    this.#gathering?.cancel();
    this.#gathering = undefined;
    if (this.#isNoting || this.#waiting.length === 0) return;
    this.#isNoting = true;
    void this.#note();
  }

  async #note(): Promise<void> {
    const { write, onNoted, onFailed, isCurrent } = this.#options;
    const some = this.#waiting.slice(0, AT_ONCE);
    try {
      if (isCurrent()) await write((tx) => this.#write(tx, some));
    } catch (error) {
      this.#isNoting = false;
      this.#hasFailed = true;
      onFailed(error);
      return;
    }
    this.#waiting.splice(0, some.length);
    this.#hasFailed = false;
    if (isCurrent()) for (const { then } of some) then?.();
    this.#isNoting = false;
    this.noteSoon();
    onNoted(some.map(({ delivery }) => delivery));
  }

  async #write(tx: Transaction, some: readonly Conclusion[]): Promise<void> {
    const over = some.flatMap(({ isOver, delivery }) => (isOver ? [delivery.id] : []));
    await this.#options.remove(tx, over);
    for (const { write } of some) if (write !== undefined) await write(tx);
  }
}
