import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import type { Ids } from '../lib/ids.ts';
import { DueWork } from './due-work/due-work.ts';
import { dueWorkMigrations } from './due-work/due-work-store.ts';
import { KeyRing, keyRingMigrations } from './encryption/key-ring.ts';
import type { MasterKey } from './encryption/master-key.ts';
import type { MaybePromise, Reader, SqlEngine, Transaction } from './engine.ts';
import { UnavailableError } from './errors.ts';
import type { Migration } from './migrations.ts';
import { seededStartMigrations } from './seeded-starts.ts';
import { State } from './state.ts';

export interface StorageOptions {
  readonly engine: SqlEngine;
  readonly master: MasterKey;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
  readonly realNow: () => number;
  /** The migrations of all features, in the order in which the features stand on each other. */
  readonly migrations: readonly Migration[];
}

/** The rows of one resource: where its data location puts them. */
export interface ResourceStorage {
  readonly read: Reader;
  readonly keys: KeyRing;
  readonly due: DueWork;
  /** @param lane units of one lane commit, and run their hooks, in the order in which they were handed in */
  write<T>(work: (tx: Transaction) => MaybePromise<T>, lane?: string): Promise<T>;
}

/** Everything durable. Features reach it per resource, so that a data location can have a database of its own. */
export class Storage implements ResourceStorage {
  readonly read: Reader;
  readonly keys: KeyRing;
  readonly due: DueWork;
  readonly state: State;
  readonly #engine: SqlEngine;
  readonly #onUnknownOutcome: (() => void)[] = [];

  private constructor(engine: SqlEngine, parts: Pick<Storage, 'keys' | 'due' | 'state'>) {
    this.#engine = engine;
    this.read = engine;
    this.keys = parts.keys;
    this.due = parts.due;
    this.state = parts.state;
  }

  static async open(options: StorageOptions): Promise<Storage> {
    const { engine } = options;
    const migrations = [...keyRingMigrations, ...dueWorkMigrations, ...seededStartMigrations, ...options.migrations];
    await engine.migrate(migrations);
    const keys = await KeyRing.open(engine, options);
    const due = new DueWork(options);
    const state = new State(engine.state(migrations.flatMap((migration) => migration.installation ?? [])), due);
    return new Storage(engine, { keys, due, state });
  }

  /** The storage that holds the rows of a resource. One database serves all data locations so far. */
  forResource(_resourceId: string): ResourceStorage {
    return this;
  }

  write<T>(work: (tx: Transaction) => MaybePromise<T>, lane?: string): Promise<T> {
    const { refusal } = this.state;
    if (refusal !== undefined) return Promise.reject(refusal);
    const written = this.#engine.write(work, lane);
    written.catch((error: unknown) => this.#onFailure(error));
    return written;
  }

  /**
   * Called when nobody knows whether a transaction was committed, because the connection broke meanwhile. What was to follow
   * its commit will not: whoever acts on what is stored looks again, a little later.
   */
  onUnknownOutcome(listener: () => void): void {
    this.#onUnknownOutcome.push(listener);
  }

  async close(): Promise<void> {
    await this.due.close();
    await this.#engine.close();
  }

  #onFailure(error: unknown): void {
    if (!(error instanceof UnavailableError) || error.reason !== 'outcome-unknown') return;
    this.due.lookLater();
    for (const listener of this.#onUnknownOutcome) listener();
  }
}
