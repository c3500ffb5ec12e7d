import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { UnavailableError } from '../errors.ts';
import type { MaybePromise, Transaction } from '../engine.ts';
import { type HookFailure, runHooks } from '../hooks.ts';
import type { Params, Statement } from '../statement.ts';
import type { SqliteConnection } from './connection.ts';

/** What makes a committed batch durable: the write-ahead log, or nothing in memory. */
export interface Durability {
  sync(): Promise<void>;
}

export interface GroupCommitOptions {
  readonly connection: SqliteConnection;
  readonly durability: Durability;
  /** A failed sync leaves unknown pages in the kernel: nothing written from then on can be trusted, the process must end. */
  readonly onSyncFailure: (error: unknown) => void;
  readonly onHookFailure: HookFailure;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
  /** Called between batches; the next batch waits for a returned promise. */
  readonly betweenBatches: () => Promise<void> | undefined;
}

/** Work that wants the connection for itself. */
interface Alone {
  readonly runAlone: () => Promise<void>;
}

interface Unit {
  readonly work: (tx: Transaction) => MaybePromise<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly unit: Unit; readonly hooks: readonly (() => void)[] } & (
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }
);

/** What bounds how long one batch holds the main thread: units differ a thousandfold, a message beside a step of a purge. */
const MAX_BATCH = 256;
const MAX_BATCH_MS = 8;

/**
 * Collects units of work into one commit and one sync. While a sync is under way the next batch gathers; a second sync
 * in flight would only queue up behind the first at the device. Each unit has its own savepoint, so one that fails is
 * undone alone.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  /** Prepared, because they run for every unit. */
  readonly #begin: StatementSync;
  readonly #end: StatementSync;
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;
  /** In the order in which it was handed in. */
  readonly #pending: (Unit | Alone)[] = [];
  #running: Promise<void> | undefined;
  /** Why nothing is taken any more. */
  #refusal: UnavailableError | undefined;
  #syncFailed = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    const { database } = options.connection;
    this.#begin = database.prepare('begin immediate');
    this.#end = database.prepare('commit');
    this.#savepoint = database.prepare('savepoint unit');
    this.#release = database.prepare('release unit');
  }

  write<T>(work: (tx: Transaction) => MaybePromise<T>): Promise<T> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    const result = new Promise<T>((resolve, reject) => this.#pending.push({ work, resolve, reject }));
    this.#running ??= this.#run();
    return result;
  }

  /**
   * Runs `work` with the connection for itself and outside of a transaction, for what a transaction does not allow.
   * Resolves when it is durable; a transaction that it leaves open is undone.
   */
  exclusive<T>(work: (database: DatabaseSync) => T): Promise<T> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    const result = new Promise<T>((resolve, reject) => {
      this.#pending.push({ runAlone: () => this.#runAlone(work).then(resolve, reject) });
    });
    this.#running ??= this.#run();
    return result;
  }

  /** Resolves when everything handed in so far is durable or refused, and refuses what comes later. */
  async close(): Promise<void> {
    this.#refusal ??= new UnavailableError('closed');
    await this.#running;
  }

  async #run(): Promise<void> {
    // One turn of the event loop, so that every request already received joins the batch.
    await new Promise((resolve) => setImmediate(resolve));
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if ('runAlone' in next) await next.runAlone();
      // A later sync may succeed although the kernel dropped what the failed one should have written.
      else if (this.#syncFailed) for (const unit of next) unit.reject(this.#refusal);
      else await this.#commit(next);
      await this.#options.betweenBatches();
    }
    this.#running = undefined;
  }

  /** The next batch, or what is to run alone; undefined when nothing is left. */
  #next(): readonly Unit[] | Alone | undefined {
    let length = 0;
    for (const entry of this.#pending) {
      if ('runAlone' in entry || length === MAX_BATCH) break;
      length += 1;
    }
    // Those before the first `Alone`.
    return length > 0 ? (this.#pending.splice(0, length) as Unit[]) : (this.#pending.shift() as Alone | undefined);
  }

  async #commit(gathered: readonly Unit[]): Promise<void> {
    const { connection, monotonicMs, onHookFailure } = this.#options;
    const { database } = connection;
    const endMs = monotonicMs() + MAX_BATCH_MS;
    const outcomes: Outcome[] = [];
    try {
      this.#begin.run();
      for (const unit of gathered) {
        outcomes.push(await this.#attempt(unit));
        if (monotonicMs() >= endMs) break;
      }
      this.#end.run();
    } catch (error) {
      if (database.isTransaction) database.exec('rollback');
      for (const unit of gathered) unit.reject(unavailable(error));
      return;
    }
    // What there was no time for comes first in the next batch.
    this.#pending.unshift(...gathered.slice(outcomes.length));
    const failure = await this.#sync();
    if (failure === undefined) settle(outcomes, onHookFailure);
    else for (const { unit } of outcomes) unit.reject(failure);
  }

  async #runAlone<T>(work: (database: DatabaseSync) => T): Promise<T> {
    if (this.#syncFailed) throw this.#refusal as UnavailableError;
    const { database } = this.#options.connection;
    let result: T;
    try {
      result = work(database);
    } catch (error) {
      throw unavailable(error);
    } finally {
      if (database.isTransaction) database.exec('rollback');
    }
    const failure = await this.#sync();
    if (failure !== undefined) throw failure;
    return result;
  }

  /** @returns why nothing can be trusted any more */
  async #sync(): Promise<UnavailableError | undefined> {
    try {
      await this.#options.durability.sync();
      return undefined;
    } catch (error) {
      this.#syncFailed = true;
      this.#refusal = new UnavailableError('connection-lost', error);
      this.#options.onSyncFailure(error);
      return this.#refusal;
    }
  }

  async #attempt(unit: Unit): Promise<Outcome> {
    const { connection } = this.#options;
    const hooks: (() => void)[] = [];
    this.#savepoint.run();
    try {
      const value = await unit.work(new BatchTransaction(connection, hooks));
      this.#release.run();
      return { unit, hooks, ok: true, value };
    } catch (error) {
      // A full disk makes SQLite end the whole transaction by itself; then the batch as a whole has failed.
      if (!connection.database.isTransaction) throw error;
      if (sqliteCode(error) === SQLITE_FULL || sqliteCode(error) === SQLITE_IOERR) throw error;
      connection.database.exec('rollback to unit; release unit');
      return { unit, hooks: [], ok: false, error };
    }
  }
}

function settle(outcomes: readonly Outcome[], onHookFailure: HookFailure): void {
  for (const outcome of outcomes) {
    if (outcome.ok) outcome.unit.resolve(outcome.value as never);
    else outcome.unit.reject(outcome.error);
  }
  runHooks(
    outcomes.flatMap((outcome) => outcome.hooks),
    onHookFailure,
  );
}

class BatchTransaction implements Transaction {
  readonly #connection: SqliteConnection;
  readonly #hooks: (() => void)[];

  constructor(connection: SqliteConnection, hooks: (() => void)[]) {
    this.#connection = connection;
    this.#hooks = hooks;
  }

  get<P extends Params, R>(statement: Statement<P, R>, params: P): R | undefined {
    return this.#connection.get(statement, params);
  }

  all<P extends Params, R>(statement: Statement<P, R>, params: P): R[] {
    return this.#connection.all(statement, params);
  }

  run<P extends Params, R>(statement: Statement<P, R>, params: P): number {
    return this.#connection.run(statement, params);
  }

  afterCommit(action: () => void): void {
    this.#hooks.push(action);
  }
}

const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_FULL = 13;

/** The primary result code of an error of node:sqlite. */
function sqliteCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

function unavailable(error: unknown): unknown {
  switch (sqliteCode(error)) {
    case SQLITE_FULL:
      return new UnavailableError('disk-full', error);
    case SQLITE_IOERR:
      return new UnavailableError('connection-lost', error);
    case SQLITE_BUSY:
      return new UnavailableError('busy', error);
    default:
      return error;
  }
}
