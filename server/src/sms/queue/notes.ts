import type { Log } from '../../lib/log.ts';
import type { Timers } from '../../lib/timers.ts';
import { type MaybePromise, type Transaction, UnavailableError } from '../../storage/index.ts';

/** Something that has happened, to be written down. */
export interface Note {
  /** May run more than once; has no other effect than its statements. */
  readonly write: (tx: Transaction) => MaybePromise<void>;
  /** Called when it is on disk. */
  readonly then?: () => void;
  /** Called when it never will be: everything stored was replaced, or the note itself is at fault. */
  readonly dropped?: () => void;
}

export interface NotesOptions {
  readonly write: (work: (tx: Transaction) => Promise<void>) => Promise<void>;
  /** Called when what happens cannot be written for now, and when it can be again. */
  readonly onPaused: () => void;
  readonly timers: Timers;
  readonly log: Log;
}

const AT_ONCE = 200;
/** Pause after the database did not take what happened. */
const PAUSE_MS = 1_000;

/**
 * Writes down what happens, in its order and many things in one transaction: what comes while one goes to disk is in the next.
 * What cannot be written because the disk is full or the database away is kept, and written later.
 */
export class Notes {
  readonly #options: NotesOptions;
  #waiting: Note[] = [];
  #isWriting = false;
  #isPaused = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: NotesOptions) {
    this.#options = options;
  }

  /** Nothing can be written for now: whoever makes more happen should wait. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  add(note: Note): void {
    this.#waiting.push(note);
    this.#begin();
  }

  /** Resolves when everything is written, or nothing can be. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  /** Forgets what is not written: it is about a state that was replaced. */
  forget(): void {
    const forgotten = this.#waiting;
    this.#waiting = [];
    for (const { dropped } of forgotten) dropped?.();
  }

  #isIdle(): boolean {
    return this.#isPaused || (!this.#isWriting && this.#waiting.length === 0);
  }

  #begin(): void {
    if (this.#isWriting || this.#isPaused || this.#waiting.length === 0) return;
    this.#isWriting = true;
    void this.#write();
  }

  async #write(): Promise<void> {
    // One turn of the event loop, so that what happens together is written together.
    await new Promise((resolve) => setImmediate(resolve));
    for (let some = this.#some(); some.length > 0 && !this.#isPaused; some = this.#some()) await this.#writeSome(some);
    this.#isWriting = false;
    if (this.#isIdle()) {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
  }

  #some(): readonly Note[] {
    return this.#waiting.slice(0, AT_ONCE);
  }

  async #writeSome(some: readonly Note[]): Promise<void> {
    const { write } = this.#options;
    const source = this.#waiting;
    try {
      await write(async (tx) => {
        for (const note of some) await note.write(tx);
      });
    } catch (error) {
      if (source !== this.#waiting) return;
      if (error instanceof UnavailableError) this.#pause(error);
      else if (some.length === 1) this.#drop(error);
      // One of them is at fault, and must not hold up the others.
      else for (const note of some) if (!this.#isPaused && source === this.#waiting) await this.#writeSome([note]);
      return;
    }
    if (source === this.#waiting) this.#waiting.splice(0, some.length);
    for (const { then } of some) then?.();
  }

  #drop(error: unknown): void {
    this.#options.log.error({ err: error }, 'what became of a message could not be noted, and is forgotten');
    this.#waiting.shift()?.dropped?.();
  }

  #pause(error: UnavailableError): void {
    const { log, timers, onPaused } = this.#options;
    log.warn({ err: error }, 'what became of messages could not be noted; that is tried again');
    this.#isPaused = true;
    onPaused();
    timers.after(PAUSE_MS, () => {
      this.#isPaused = false;
      this.#begin();
      onPaused();
    });
  }
}
