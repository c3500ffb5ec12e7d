import type { CompiledQuery, QueryResult } from 'kysely';
import type { MaybePromise, SqlEngine, StoredState, Transaction } from '../engine.ts';
import type { Migration } from '../migrations.ts';
import type { Params, Statement } from '../statement.ts';

/** A database that a test takes away and gives back. */
export class FickleEngine implements SqlEngine {
  /** What everything fails with while it is away. */
  failure: Error | undefined;
  /** What writes fail with although they are done, as when the connection breaks during the commit. */
  failureOnceDone: Error | undefined;
  readonly #engine: SqlEngine;
  readonly #writing = new Set<Promise<unknown>>();

  constructor(engine: SqlEngine) {
    this.#engine = engine;
  }

  get kind(): SqlEngine['kind'] {
    return this.#engine.kind;
  }

  /** Resolves when every write that has begun is over, and what follows from it has been done. */
  async settled(): Promise<void> {
    while (this.#writing.size > 0) await Promise.allSettled(this.#writing);
    // Hooks run a turn of the event loop later.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async get<P extends Params, R>(statement: Statement<P, R>, params: P): Promise<R | undefined> {
    this.#check();
    return this.#engine.get(statement, params);
  }

  async all<P extends Params, R>(statement: Statement<P, R>, params: P): Promise<R[]> {
    this.#check();
    return this.#engine.all(statement, params);
  }

  async write<T>(work: (tx: Transaction) => MaybePromise<T>, lane?: string): Promise<T> {
    this.#check();
    const { failureOnceDone } = this;
    const writing = this.#engine.write(failureOnceDone === undefined ? work : (tx) => work(withoutHooks(tx)), lane);
    this.#writing.add(writing);
    const result = await writing.finally(() => this.#writing.delete(writing));
    if (failureOnceDone !== undefined) throw failureOnceDone;
    return result;
  }

  migrate(migrations: readonly Migration[]): Promise<void> {
    return this.#engine.migrate(migrations);
  }

  state(except: readonly string[]): StoredState {
    return this.#engine.state(except);
  }

  query<R>(query: CompiledQuery<R>): Promise<QueryResult<R>> {
    return this.#engine.query(query);
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  #check(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

function withoutHooks(tx: Transaction): Transaction {
  return {
    get: (statement, params) => tx.get(statement, params),
    all: (statement, params) => tx.all(statement, params),
    run: (statement, params) => tx.run(statement, params),
    afterCommit: () => undefined,
  };
}
