import { dirname, join } from 'node:path';
import { Kysely, type CompiledQuery, type QueryResult } from 'kysely';
import { realTimers } from '../../lib/timers.ts';
import type { MaybePromise, SqlEngine, StoredState, Transaction } from '../engine.ts';
import type { HookFailure } from '../hooks.ts';
import { applyMigrations, type Migration } from '../migrations.ts';
import type { Params, Statement } from '../statement.ts';
import { Checkpoints } from './checkpoints.ts';
import { SqliteConnection } from './connection.ts';
import { type Durability, GroupCommit } from './group-commit.ts';
import { borrowedSqliteDialect, execute } from './kysely-dialect.ts';
import { SnapshotFolder, SqliteState } from './sqlite-state.ts';
import { pregrowWal, WriteAheadLog } from './wal.ts';

export interface SqliteEngineOptions {
  /** Database file, or `:memory:`. */
  readonly path: string;
  /** Called when a sync failed; the process must end. */
  readonly onSyncFailure: (error: unknown) => void;
  readonly onWorkerFailure: (error: Error) => void;
  readonly onHookFailure: HookFailure;
}

/** The embedded engine: one writing and one reading connection on the main thread, checkpoints in a worker. */
export class SqliteEngine implements SqlEngine {
  readonly kind = 'sqlite';
  readonly #writer: SqliteConnection;
  readonly #reader: SqliteConnection;
  readonly #wal: WriteAheadLog | undefined;
  readonly #checkpoints: Checkpoints | undefined;
  readonly #commits: GroupCommit;
  readonly #snapshots: SnapshotFolder;
  #closing: Promise<void> | undefined;

  constructor(options: SqliteEngineOptions) {
    const inMemory = options.path === ':memory:';
    this.#snapshots = new SnapshotFolder(inMemory ? undefined : join(dirname(options.path), 'snapshots'));
    this.#writer = new SqliteConnection(options.path);
    if (!inMemory) {
      this.#writer.database.exec(
        `pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = 0; pragma journal_size_limit = -1`,
      );
      pregrowWal(this.#writer.database);
      this.#wal = new WriteAheadLog(options.path);
      this.#checkpoints = new Checkpoints(options.path, options.onWorkerFailure);
    }
    // A second connection, so that reads never see a batch that is still being written. In memory there is but one.
    this.#reader = inMemory ? this.#writer : new SqliteConnection(options.path, { readOnly: true });
    const durability: Durability = this.#wal ?? { sync: nextTurn };
    this.#commits = new GroupCommit({
      connection: this.#writer,
      durability,
      onSyncFailure: options.onSyncFailure,
      onHookFailure: options.onHookFailure,
      monotonicMs: () => realTimers.monotonicMs(),
      betweenBatches: () => this.#checkpoints?.afterBatch(),
    });
  }

  get<P extends Params, R>(statement: Statement<P, R>, params: P): R | undefined {
    return this.#reader.get(statement, params);
  }

  all<P extends Params, R>(statement: Statement<P, R>, params: P): R[] {
    return this.#reader.all(statement, params);
  }

  write<T>(work: (tx: Transaction) => MaybePromise<T>): Promise<T> {
    return this.#commits.write(work);
  }

  async migrate(migrations: readonly Migration[]): Promise<void> {
    const { database } = this.#writer;
    const db = new Kysely<unknown>({ dialect: borrowedSqliteDialect(database) });
    database.exec('begin immediate');
    try {
      await applyMigrations(db, this.kind, migrations);
      database.exec('commit');
    } catch (error) {
      // SQLite ends the transaction by itself when the disk is full.
      if (database.isTransaction) database.exec('rollback');
      throw error;
    }
    await this.#wal?.sync();
  }

  state(except: readonly string[]): StoredState {
    return new SqliteState({ commits: this.#commits, folder: this.#snapshots, except });
  }

  query<R>(query: CompiledQuery<R>): Promise<QueryResult<R>> {
    return Promise.resolve(execute<R>(this.#reader.database, query));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#commits.close();
    await this.#checkpoints?.close();
    this.#wal?.close();
    if (this.#reader !== this.#writer) this.#reader.close();
    this.#writer.close();
    this.#snapshots.close();
  }
}

/** In the place of a sync, which lets the event loop go on: who writes one batch after the other must not hold up the rest. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
