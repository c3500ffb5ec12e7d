import { type CompiledQuery, Kysely, type QueryResult } from 'kysely';
import pg from 'pg';
import { UnavailableError } from '../errors.ts';
import type { MaybePromise, SqlEngine, StoredState, Transaction } from '../engine.ts';
import { type HookFailure, runHooks } from '../hooks.ts';
import { applyMigrations, type Migration } from '../migrations.ts';
import type { Params, Statement } from '../statement.ts';
import { classify } from './classify.ts';
import { DatabaseClaim } from './database-claim.ts';
import { borrowedPostgresDialect } from './kysely-dialect.ts';
import { Lanes } from './lanes.ts';
import { PostgresState } from './postgres-state.ts';
import { execute, PostgresTransaction } from './transaction.ts';

export interface PostgresEngineOptions {
  readonly url: string;
  readonly maxConnections?: number;
  readonly onHookFailure: HookFailure;
}

/** How often a transaction that lost a serialisation race or a deadlock is run again. */
const MAX_ATTEMPTS = 8;
const CONNECT_TIMEOUT_MS = 5_000;

const INT8: number = pg.types.builtins.INT8;

/** Milliseconds and counters are `bigint` columns; all of them fit 53 bits, and `pg` would hand them out as text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary'): unknown =>
    // The declared types leave out the one-argument form that the driver itself uses.
    oid === INT8
      ? Number
      : (pg.types.getTypeParser as (oid: number, format?: string) => unknown)(oid, format)) as typeof pg.types.getTypeParser,
};

/** The production engine. The server commits with `synchronous_commit` on: acknowledged means on disk. */
export class PostgresEngine implements SqlEngine {
  readonly kind = 'postgres';
  readonly #pool: pg.Pool;
  readonly #onHookFailure: HookFailure;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #lanes = new Lanes();
  #claim: DatabaseClaim | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: PostgresEngineOptions) {
    this.#onHookFailure = options.onHookFailure;
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.maxConnections ?? 16,
      types,
      // Also where the database's own settings, or options in the address, say otherwise.
      onConnect: commitToDisk,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    // Without listeners the loss of a connection, idle or in use, would end the process; the next query reports it.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async get<P extends Params, R>(statement: Statement<P, R>, params: P): Promise<R | undefined> {
    return (await this.all(statement, params))[0];
  }

  async all<P extends Params, R>(statement: Statement<P, R>, params: P): Promise<R[]> {
    return (await this.#admit(() => this.#onClient((client) => execute<P, R>(client, statement, params)))).rows;
  }

  write<T>(work: (tx: Transaction) => MaybePromise<T>, lane?: string): Promise<T> {
    return this.#admit(() => (lane === undefined ? this.#write(work) : this.#lanes.run(lane, () => this.#write(work))));
  }

  async migrate(migrations: readonly Migration[]): Promise<void> {
    await this.#admit(() =>
      this.#transaction(async (client) => {
        // Two processes may start at once; the second waits and then finds nothing left to do.
        await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
        await applyMigrations(new Kysely<unknown>({ dialect: borrowedPostgresDialect(client) }), this.kind, migrations);
      }),
    );
  }

  /**
   * Claims the database for this process until it ends or closes the engine.
   *
   * @returns undefined when another process holds it; otherwise a function that gives it back
   */
  async claim(): Promise<(() => void) | undefined> {
    const claim = new DatabaseClaim(() => this.#connect());
    if (!(await claim.take())) return undefined;
    this.#claim = claim;
    return () => {
      this.#claim = undefined;
      claim.release();
    };
  }

  state(except: readonly string[]): StoredState {
    return new PostgresState({
      except,
      transaction: async (work) => {
        // What was handed in before comes before: it may still wait for a connection.
        await Promise.allSettled(this.#underWay);
        return this.#admit(() => this.#retried(() => this.#transaction(work)));
      },
    });
  }

  async query<R>(query: CompiledQuery<R>): Promise<QueryResult<R>> {
    const { rows } = await this.#admit(() => this.#onClient((client) => client.query(query.sql, [...query.parameters])));
    return { rows: rows as R[] };
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    this.#claim?.release();
    this.#claim = undefined;
    await this.#pool.end();
  }

  /** What began before the engine was closed is finished. @throws UnavailableError afterwards */
  async #admit<T>(begin: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new UnavailableError('closed');
    const work = begin();
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  #write<T>(work: (tx: Transaction) => MaybePromise<T>): Promise<T> {
    return this.#retried(async () => {
      const hooks: (() => void)[] = [];
      const value = await this.#transaction((client) => work(new PostgresTransaction(client, hooks)));
      runHooks(hooks, this.#onHookFailure);
      return value;
    });
  }

  async #retried<T>(run: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#claim?.require();
        return await run();
      } catch (error) {
        const verdict = classify(error);
        if (!verdict.retry || attempt === MAX_ATTEMPTS) throw verdict.error;
      }
    }
  }

  async #transaction<T>(work: (client: pg.PoolClient) => MaybePromise<T>): Promise<T> {
    return this.#onClient(async (client) => {
      await client.query('begin');
      let result: T;
      try {
        result = await work(client);
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
      await client.query('commit').catch(asUnknownOutcome);
      return result;
    });
  }

  /** @throws UnavailableError when the connection cannot be made or breaks */
  async #onClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      const value = await work(client);
      client.release();
      return value;
    } catch (error) {
      const verdict = classify(error);
      // A connection that broke must not go back into the pool.
      client.release(verdict.lost);
      // What may be retried is judged by `write`.
      throw verdict.retry ? error : verdict.error;
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw new UnavailableError('connection-lost', error);
    }
  }
}

// The pool waits for the promise, although its type does not say so.
const commitToDisk: (client: pg.ClientBase) => unknown = (client) => client.query('set synchronous_commit to on');

const MIGRATION_LOCK = 0x53574252;

/** PostgreSQL may have committed before the connection broke: nobody knows. @throws always */
function asUnknownOutcome(error: unknown): never {
  throw classify(error).lost ? new UnavailableError('outcome-unknown', error) : error;
}
