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
  readonly write: (work: (tx: Transaction) => Promise<void>) => Promise<void>;
  readonly remove: (tx: Transaction, ids: readonly string[]) => Promise<void>;
  readonly onNoted: (deliveries: readonly Delivery[]) => void;
  readonly onFailed: (error: unknown) => void;
  /** Whether the store is still the one that the deliveries came from: else nothing is noted. */
  readonly isCurrent: () => boolean;
}

const AT_ONCE = 200;

/**
 * Notes what became of deliveries, in the order of their ends: what ends while one transaction goes to disk is in the next.
 * What cannot be noted stays until {@link note}, so that a full disk does not deliver the same events again and again.
 */
export class Conclusions {
  readonly #options: ConclusionsOptions;
  readonly #waiting: Conclusion[] = [];
  #isNoting = false;
  #hasFailed = false;

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

  add(conclusion: Conclusion): void {
    this.#waiting.push(conclusion);
    if (!this.#hasFailed) this.note();
  }

  /** Begins, or goes on after a failure. */
  note(): void {
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
    this.note();
    onNoted(some.map(({ delivery }) => delivery));
  }

  async #write(tx: Transaction, some: readonly Conclusion[]): Promise<void> {
    const over = some.flatMap(({ isOver, delivery }) => (isOver ? [delivery.id] : []));
    await this.#options.remove(tx, over);
    for (const { write } of some) if (write !== undefined) await write(tx);
  }
}
