import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import { DueWork, dueWorkMigrations } from './due-work.ts';
import { KeyRing, keyRingMigrations } from './encryption/key-ring.ts';
import type { MasterKey } from './encryption/master-key.ts';
import type { MaybePromise, Reader, SqlEngine, Transaction } from './engine.ts';
import type { Migration } from './migrations.ts';

export interface StorageOptions {
  readonly engine: SqlEngine;
  readonly master: MasterKey;
  readonly clock: Clock;
  readonly random: Random;
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
  readonly #engine: SqlEngine;

  private constructor(engine: SqlEngine, keys: KeyRing, due: DueWork) {
    this.#engine = engine;
    this.read = engine;
    this.keys = keys;
    this.due = due;
  }

  static async open(options: StorageOptions): Promise<Storage> {
    await options.engine.migrate([...keyRingMigrations, ...dueWorkMigrations, ...options.migrations]);
    const keys = await KeyRing.open(options.engine, options);
    return new Storage(options.engine, keys, new DueWork(options));
  }

  /** The storage that holds the rows of a resource. One database serves all data locations so far. */
  forResource(_resourceId: string): ResourceStorage {
    return this;
  }

  write<T>(work: (tx: Transaction) => MaybePromise<T>, lane?: string): Promise<T> {
    return this.#engine.write(work, lane);
  }

  async close(): Promise<void> {
    await this.due.close();
    await this.#engine.close();
  }
}
