import pg from 'pg';
import type { StoredSnapshot, StoredState } from '../engine.ts';
import { SnapshotError } from '../errors.ts';

type Transact = <T>(work: (client: pg.PoolClient) => Promise<T>) => Promise<T>;

/** Each snapshot is a schema of its own beside ours. */
const PREFIX = 'snapshot_';
const HEADER = 'switchboard_snapshot';
const MIGRATIONS = 'schema_migrations';

/** Snapshots as schemas of the same database, each with a copy of the tables. */
export class PostgresState implements StoredState {
  readonly #transaction: Transact;
  readonly #except: readonly string[];

  constructor(options: { readonly transaction: Transact; readonly except: readonly string[] }) {
    this.#transaction = options.transaction;
    this.#except = options.except;
  }

  clear(): Promise<void> {
    return this.#transaction(async (client) => emptyTables(client, await this.#tables(client)));
  }

  save({ name, note }: StoredSnapshot): Promise<void> {
    const saved = this.#transaction(async (client) => {
      // All copies show one moment.
      await client.query('set transaction isolation level repeatable read');
      const snapshot = schemaOf(name);
      await client.query(`drop schema if exists ${snapshot} cascade; create schema ${snapshot}`);
      for (const table of await this.#tables(client))
        await client.query(`create table ${snapshot}.${quoted(table)} as table ${quoted(table)}`);
      await client.query(`create table ${snapshot}.${HEADER} (note text not null, schema text not null)`);
      await client.query(`insert into ${snapshot}.${HEADER} values ($1, $2)`, [note, await migrationsOf(client)]);
    });
    return saved.catch(asNotPermitted);
  }

  list(): Promise<StoredSnapshot[]> {
    return this.#transaction(async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `select substr(table_schema, ${PREFIX.length + 1}) as name from information_schema.tables where table_name = $1 order by name`,
        [HEADER],
      );
      const found: StoredSnapshot[] = [];
      for (const { name } of rows) found.push({ name, note: (await headerOf(client, name)).note });
      return found;
    });
  }

  remove(name: string): Promise<boolean> {
    return this.#transaction(async (client) => {
      if (!(await exists(client, name))) return false;
      await client.query(`drop schema ${schemaOf(name)} cascade`);
      return true;
    });
  }

  restore(name: string): Promise<StoredSnapshot> {
    return this.#transaction(async (client) => {
      if (!(await exists(client, name))) throw new SnapshotError('unknown');
      const { note, schema } = await headerOf(client, name);
      if (schema !== (await migrationsOf(client))) throw new SnapshotError('other-schema');
      const tables = await this.#tables(client);
      await emptyTables(client, tables);
      for (const table of tables) await refill(client, table, `${schemaOf(name)}.${quoted(table)}`);
      return { name, note };
    });
  }

  /** Every table of our schema but the bookkeeping of migrations, and `except`. */
  async #tables(client: pg.PoolClient): Promise<string[]> {
    const { rows } = await client.query<{ table_name: string }>(
      `select table_name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE' order by table_name`,
    );
    const left = new Set([...this.#except, MIGRATIONS]);
    return rows.map((row) => row.table_name).filter((name) => !left.has(name));
  }
}

/** Whoever reads or writes one of the tables waits until the transaction has ended. */
async function emptyTables(client: pg.PoolClient, tables: readonly string[]): Promise<void> {
  await client.query(`truncate ${tables.map(quoted).join(', ')} restart identity`);
}

async function refill(client: pg.PoolClient, table: string, copy: string): Promise<void> {
  const { rows } = await client.query<{ column_name: string; column_default: string | null }>(
    'select column_name, column_default from information_schema.columns where table_schema = current_schema() and table_name = $1',
    [table],
  );
  const columns = rows.map((row) => quoted(row.column_name)).join(', ');
  await client.query(`insert into ${quoted(table)} (${columns}) select ${columns} from ${copy}`);
  for (const { column_name: column, column_default: fallback } of rows) {
    if (fallback?.startsWith('nextval(') !== true) continue;
    // Numbers given by the database go on behind those that came back.
    const next = `coalesce((select max(${quoted(column)}) from ${quoted(table)}), 0) + 1`;
    await client.query(`select setval(pg_get_serial_sequence($1, $2), ${next}, false)`, [table, column]);
  }
}

const INSUFFICIENT_PRIVILEGE = '42501';

/** The user of the database may not make schemas. @throws always */
function asNotPermitted(error: unknown): never {
  throw error instanceof pg.DatabaseError && error.code === INSUFFICIENT_PRIVILEGE ? new SnapshotError('not-permitted', error) : error;
}

async function exists(client: pg.PoolClient, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select 1 from information_schema.tables where table_schema = $1 and table_name = $2', [
    `${PREFIX}${name}`,
    HEADER,
  ]);
  return rowCount === 1;
}

async function headerOf(client: pg.PoolClient, name: string): Promise<{ readonly note: string; readonly schema: string }> {
  const { rows } = await client.query<{ note: string; schema: string }>(`select note, schema from ${schemaOf(name)}.${HEADER}`);
  if (rows[0] === undefined) throw new SnapshotError('damaged');
  return rows[0];
}

/** The migrations that made the schema: rows fit only where the same were applied. */
async function migrationsOf(client: pg.PoolClient): Promise<string> {
  const { rows } = await client.query<{ name: string }>(`select name from ${MIGRATIONS} order by name collate "C"`);
  return JSON.stringify(rows.map((row) => row.name));
}

function schemaOf(name: string): string {
  return quoted(`${PREFIX}${name}`);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
