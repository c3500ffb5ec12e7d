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
  /** One ad-hoc query outside of a transaction, for cold paths and tests. */
  query<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>;
  close(): Promise<void>;
}
