import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { EngineKind, SqlValue } from './sql-types.ts';

/** Values of a statement by name. */
export type Params = Readonly<Record<string, SqlValue>>;

/** A statement's text for one engine, with the order in which its named values are bound. */
export interface CompiledStatement {
  readonly sql: string;
  readonly order: readonly string[];
  /** Stable name for prepared statements of PostgreSQL. */
  readonly name: string;
}

/**
 * A statement that is written once with Kysely, compiled once per engine and run prepared: building a query for every
 * call costs fifteen times what running it does.
 */
export class Statement<P extends Params, R> {
  readonly #build: (db: Kysely<never>, params: P) => Compilable<R>;
  readonly #compiled = new Map<EngineKind, CompiledStatement>();

  constructor(build: (db: Kysely<never>, params: P) => Compilable<R>) {
    this.#build = build;
  }

  for(engine: EngineKind): CompiledStatement {
    let compiled = this.#compiled.get(engine);
    if (compiled === undefined) {
      compiled = this.#compile(engine);
      this.#compiled.set(engine, compiled);
    }
    return compiled;
  }

  #compile(engine: EngineKind): CompiledStatement {
    const names = new Proxy({} as P, { get: (_, name) => new Placeholder(String(name)) });
    const query = this.#build(compilers[engine], names).compile();
    const order = query.parameters.map((parameter) => {
      if (parameter instanceof Placeholder) return parameter.name;
      // A literal inside a builder would be frozen into every execution unseen.
      throw new TypeError(`a statement holds a literal value instead of a parameter: ${query.sql}`);
    });
    return { sql: query.sql, order, name: `s${statementCount++}` };
  }
}

/**
 * Declares a prepared statement over the tables `Tables`.
 *
 * @example
 * const byId = statement<ChatTables>()((db, p: { id: string }) => db.selectFrom('chat_threads').selectAll().where('id', '=', p.id));
 */
export function statement<Tables>() {
  return <P extends Params, R>(build: (db: Kysely<Tables>, params: P) => Compilable<R>): Statement<P, R> =>
    // The builder only ever sees a compiling Kysely, for which the table types make no difference at run time.
    new Statement<P, R>(build as unknown as (db: Kysely<never>, params: P) => Compilable<R>);
}

/** The named parameters as a row. A statement's parameters cannot be listed, so a row names its columns. */
export function pick<P extends object, K extends keyof P>(params: P, ...names: readonly K[]): Pick<P, K> {
  return Object.fromEntries(names.map((name) => [name, params[name]])) as Pick<P, K>;
}

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

let statementCount = 0;

const compilers: Readonly<Record<EngineKind, Kysely<never>>> = {
  sqlite: new Kysely<never>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  postgres: new Kysely<never>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
};
