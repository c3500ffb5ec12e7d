import type { DueWork } from './due-work/due-work.ts';
import type { StoredSnapshot, StoredState } from './engine.ts';
import { UnavailableError } from './errors.ts';

/** What took the place of everything stored. */
type Replacement = { readonly kind: 'reset' } | { readonly kind: 'restored'; readonly note: string };

/** Forgets whatever it remembers of what was stored, or reads it again. */
export type ReplacedListener = (replacement: Replacement) => void | Promise<void>;

/**
 * Everything stored as a whole: emptied, copied under a name, put back. Whoever holds a copy of stored things, or acts on
 * them by itself, listens here and nowhere else.
 */
export class State {
  readonly #stored: StoredState;
  readonly #due: DueWork;
  readonly #listeners: ReplacedListener[] = [];
  #isBeingReplaced = false;
  #generation = 0;

  constructor(stored: StoredState, due: DueWork) {
    this.#stored = stored;
    this.#due = due;
  }

  /** Listeners are called in the order in which they registered: who stands on others registers after them. */
  onReplaced(listener: ReplacedListener): void {
    this.#listeners.push(listener);
  }

  /** Grows when something takes the place of everything stored: whoever acts on what he read before compares. */
  get generation(): number {
    return this.#generation;
  }

  /** Why nothing can be written now, if so. */
  get refusal(): UnavailableError | undefined {
    return this.#isBeingReplaced ? new UnavailableError('busy') : undefined;
  }

  save(snapshot: StoredSnapshot): Promise<void> {
    return this.#stored.save(snapshot);
  }

  list(): Promise<StoredSnapshot[]> {
    return this.#stored.list();
  }

  remove(name: string): Promise<boolean> {
    return this.#stored.remove(name);
  }

  /**
   * Removes everything stored. The caller sees to it that no requests are served meanwhile.
   *
   * @param furnish runs when everybody has forgotten the old state, before due work goes on
   */
  reset(furnish: () => Promise<void>): Promise<void> {
    return this.#replace(async () => {
      await this.#stored.clear();
      return { kind: 'reset' };
    }, furnish);
  }

  /**
   * Puts a snapshot in the place of everything stored. The caller sees to it that no requests are served meanwhile.
   *
   * @param furnish as for {@link reset}, with the note that was saved
   * @returns what `furnish` does
   * @throws SnapshotError
   */
  restore<T>(name: string, furnish: (note: string) => Promise<T>): Promise<T> {
    const replaceStored = async () => ({ kind: 'restored', note: (await this.#stored.restore(name)).note }) as const;
    return this.#replace(replaceStored, ({ note }) => furnish(note));
  }

  async #replace<R extends Replacement, T>(replaceStored: () => Promise<R>, furnish: (replacement: R) => Promise<T>): Promise<T> {
    // Due work that is running must not go on with what it knows of the old state: its next write fails.
    this.#isBeingReplaced = true;
    await this.#due.suspend();
    try {
      const replacement = await replaceStored();
      this.#generation += 1;
      this.#isBeingReplaced = false;
      for (const listener of this.#listeners) await listener(replacement);
      return await furnish(replacement);
    } finally {
      this.#isBeingReplaced = false;
      await this.#due.resume();
    }
  }
}
