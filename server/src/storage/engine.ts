import type { CompiledQuery, QueryResult } from 'kysely';
import type { Migration } from './migrations.ts';
import type { EngineKind } from './sql-types.ts';
import type { Params, Statement } from './statement.ts';

/** SQLite answers at once, PostgreSQL later; callers `await` either. */
export type MaybePromise<T> = T | Promise<T>;

/** Point reads that see committed rows only. */
export interface Reader {
  /** The first row, or undefined. */
  get<P extends Params, R>(statement: Statement<P, R>, params: P): MaybePromise<R | undefined>;
  all<P extends Params, R>(statement: Statement<P, R>, params: P): MaybePromise<R[]>;
}

/**
 * One unit of work inside a transaction. Its reads see its own writes. On SQLite many units share one commit, so a unit
 * must not wait for anything but its own statements.
 */
export interface Transaction extends Reader {
  /** Number of rows changed. */
  run<P extends Params, R>(statement: Statement<P, R>, params: P): MaybePromise<number>;
  /** Runs once, in commit order, after the transaction is on disk; never when it failed. */
  afterCommit(action: () => void): void;
}

/** A saved copy of everything stored. */
export interface StoredSnapshot {
  readonly name: string;
  /** What was handed in with it. */
  readonly note: string;
}

/**
 * All rows at once. Each call is one durable transaction: whatever ends the process in the middle leaves the one state or
 * the other. Names are lower-case letters, digits, hyphens and underscores, at most 48; the caller checks them.
 */
export interface StoredState {
  /** Removes every row. */
  clear(): Promise<void>;
  /** Keeps a copy, in the place of one of the same name. */
  save(snapshot: StoredSnapshot): Promise<void>;
  /** Sorted by name. Copies that cannot be read are left out. */
  list(): Promise<StoredSnapshot[]>;
  /** @returns false when there is none of this name */
  remove(name: string): Promise<boolean>;
  /**
   * Puts a copy in the place of everything stored.
   *
   * @throws SnapshotError when there is none, it cannot be read, or it was saved under another schema
   */
  restore(name: string): Promise<StoredSnapshot>;
}

/** A database with transactions that are on disk before they answer. */
export interface SqlEngine extends Reader {
  readonly kind: EngineKind;
  /**
   * Runs `work` in a transaction and resolves when it is durable. `work` may run more than once (serialisation failures),
   * so it must have no other effect than its statements and `afterCommit`.
   *
   * @throws whatever `work` throws, after undoing it; {@link UnavailableError} when the disk is full or the database away
   */
  write<T>(work: (tx: Transaction) => MaybePromise<T>, lane?: string): Promise<T>;
  migrate(migrations: readonly Migration[]): Promise<void>;
  /** Everything stored as a whole, but for the tables `except`. */
  state(except: readonly string[]): StoredState;
  /** One ad-hoc query outside of a transaction, for cold paths and tests. */
  query<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>;
  close(): Promise<void>;
}
