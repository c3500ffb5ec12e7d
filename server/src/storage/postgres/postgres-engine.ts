import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
} from 'kysely';
import pg from 'pg';
import { UnavailableError } from '../errors.ts';
import type { MaybePromise, SqlEngine, Transaction } from '../engine.ts';
import { applyMigrations, type Migration } from '../migrations.ts';
import type { SqlValue } from '../sql-types.ts';
import type { Params, Statement } from '../statement.ts';
import { classify } from './classify.ts';

export interface PostgresEngineOptions {
  readonly url: string;
  readonly maxConnections?: number;
}

/** How often a transaction that lost a serialisation race or a deadlock is run again. */
const MAX_ATTEMPTS = 8;

/** Milliseconds and counters are `bigint` columns; all of them fit 53 bits, and `pg` would hand them out as text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** The production engine. The server commits with `synchronous_commit` on: acknowledged means on disk. */
export class PostgresEngine implements SqlEngine {
  readonly kind = 'postgres';
  readonly #pool: pg.Pool;

  constructor(options: PostgresEngineOptions) {
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.maxConnections ?? 16,
      types,
      options: '-c synchronous_commit=on',
      connectionTimeoutMillis: 5_000,
    });
    // Without a listener the loss of an idle connection would end the process; the next query reports it to its caller.
    this.#pool.on('error', () => undefined);
  }

  async get<P extends Params, R>(statement: Statement<P, R>, params: P): Promise<R | undefined> {
    return (await this.all(statement, params))[0];
  }

  async all<P extends Params, R>(statement: Statement<P, R>, params: P): Promise<R[]> {
    try {
      return (await execute<P, R>(this.#pool, statement, params)).rows;
    } catch (error) {
      throw classify(error).error;
    }
  }

  async write<T>(work: (tx: Transaction) => MaybePromise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(work);
      } catch (error) {
        const verdict = classify(error);
        if (!verdict.retry || attempt === MAX_ATTEMPTS) throw verdict.error;
      }
    }
  }

  async migrate(migrations: readonly Migration[]): Promise<void> {
    await this.#onClient(async (client) => {
      const db = new Kysely<unknown>({ dialect: borrowed(client) });
      await client.query('begin');
      try {
        // Two nodes may start at once; the second waits and then finds nothing left to do.
        await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
        await applyMigrations(db, this.kind, migrations);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
    });
  }

  /**
   * Claims the database for this process until the returned function is called or the connection ends.
   *
   * @returns undefined when another process holds it
   */
  async claim(): Promise<(() => void) | undefined> {
    const client = await this.#connect();
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [OWNER_LOCK]);
    if (rows[0]?.held === true) return () => client.release(true);
    client.release();
    return undefined;
  }

  async query<R>(query: CompiledQuery<R>): Promise<QueryResult<R>> {
    const { rows } = await this.#pool.query(query.sql, [...query.parameters]);
    return { rows: rows as R[] };
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #attempt<T>(work: (tx: Transaction) => MaybePromise<T>): Promise<T> {
    const hooks: (() => void)[] = [];
    const value = await this.#onClient(async (client) => {
      await client.query('begin');
      try {
        const result = await work(new PostgresTransaction(client, hooks));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => undefined);
        throw error;
      }
    });
    setImmediate(() => {
      for (const hook of hooks) hook();
    });
    return value;
  }

  async #onClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      const value = await work(client);
      client.release();
      return value;
    } catch (error) {
      // A connection that broke must not go back into the pool.
      client.release(classify(error).lost);
      throw error;
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

const MIGRATION_LOCK = 0x53574252;
const OWNER_LOCK = 0x53574f57;

class PostgresTransaction implements Transaction {
  readonly #client: pg.PoolClient;
  readonly #hooks: (() => void)[];

  constructor(client: pg.PoolClient, hooks: (() => void)[]) {
    this.#client = client;
    this.#hooks = hooks;
  }

  async get<P extends Params, R>(statement: Statement<P, R>, params: P): Promise<R | undefined> {
    return (await this.all(statement, params))[0];
  }

  async all<P extends Params, R>(statement: Statement<P, R>, params: P): Promise<R[]> {
    return (await execute<P, R>(this.#client, statement, params)).rows;
  }

  async run<P extends Params, R>(statement: Statement<P, R>, params: P): Promise<number> {
    return (await execute<P, R>(this.#client, statement, params)).rowCount ?? 0;
  }

  afterCommit(action: () => void): void {
    this.#hooks.push(action);
  }
}

async function execute<P extends Params, R>(
  client: pg.Pool | pg.PoolClient,
  statement: Statement<P, R>,
  params: P,
): Promise<{ rows: R[]; rowCount: number | null }> {
  const { sql, order, name } = statement.for('postgres');
  const result = await client.query({ name, text: sql, values: order.map((key) => params[key] as SqlValue) });
  return { rows: result.rows as R[], rowCount: result.rowCount };
}

/** Kysely over a client whose transaction somebody else begins and ends. */
function borrowed(client: pg.PoolClient) {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, rowCount } = await client.query(query.sql, [...query.parameters]);
      return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
    },
    // eslint-disable-next-line require-yield -- the interface demands a generator; streaming is not offered
    streamQuery: async function* () {
      await Promise.reject(new TypeError('streaming is not supported on a borrowed connection'));
    },
  };
  const nothing = () => Promise.resolve();
  return {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createDriver: () => ({
      init: nothing,
      acquireConnection: () => Promise.resolve(connection),
      beginTransaction: nothing,
      commitTransaction: nothing,
      rollbackTransaction: nothing,
      releaseConnection: nothing,
      destroy: nothing,
    }),
  };
}
