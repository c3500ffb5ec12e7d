import type pg from 'pg';
import type { Transaction } from '../engine.ts';
import type { SqlValue } from '../sql-types.ts';
import type { Params, Statement } from '../statement.ts';

/** One transaction on a client of its own. */
export class PostgresTransaction implements Transaction {
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

/** Runs a statement prepared, on a client or on any of a pool. */
export async function execute<P extends Params, R>(
  client: pg.Pool | pg.PoolClient,
  statement: Statement<P, R>,
  params: P,
): Promise<{ readonly rows: R[]; readonly rowCount: number | null }> {
  const { sql, order, name } = statement.for('postgres');
  const result = await client.query({ name, text: sql, values: order.map((key) => params[key] as SqlValue) });
  return { rows: result.rows as R[], rowCount: result.rowCount };
}
