import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { EngineKind, SqlValue } from '../sql-types.ts';
import type { Params, Statement } from '../statement.ts';

const ENGINE: EngineKind = 'sqlite';

interface Prepared {
  readonly order: readonly string[];
  readonly handle: StatementSync;
}

/** One SQLite connection with its prepared statements. */
export class SqliteConnection {
  readonly database: DatabaseSync;
  readonly #prepared = new Map<object, Prepared>();

  constructor(path: string, options: { readonly readOnly?: boolean } = {}) {
    this.database = new DatabaseSync(path, { readOnly: options.readOnly ?? false, timeout: 5_000, enableForeignKeyConstraints: true });
  }

  get<P extends Params, R>(statement: Statement<P, R>, params: P): R | undefined {
    const { handle, order } = this.#prepare(statement);
    return handle.get(...bind(order, params)) as R | undefined;
  }

  all<P extends Params, R>(statement: Statement<P, R>, params: P): R[] {
    const { handle, order } = this.#prepare(statement);
    return handle.all(...bind(order, params)) as R[];
  }

  run<P extends Params, R>(statement: Statement<P, R>, params: P): number {
    const { handle, order } = this.#prepare(statement);
    return Number(handle.run(...bind(order, params)).changes);
  }

  close(): void {
    this.#prepared.clear();
    this.database.close();
  }

  #prepare(statement: Statement<never, unknown> | Statement<Params, unknown>): Prepared {
    let prepared = this.#prepared.get(statement);
    if (prepared === undefined) {
      const { sql, order } = statement.for(ENGINE);
      prepared = { order, handle: this.database.prepare(sql) };
      this.#prepared.set(statement, prepared);
    }
    return prepared;
  }
}

function bind(order: readonly string[], params: Params): SqlValue[] {
  const values = new Array<SqlValue>(order.length);
  for (let i = 0; i < order.length; i++) values[i] = params[order[i] as string] as SqlValue;
  return values;
}
