import type { ColumnDataType, Kysely } from 'kysely';
import type { EngineKind } from './sql-types.ts';

/** One step of the schema. Names are unique, sorted by the list they stand in, and never change once released. */
export interface Migration {
  /** `<feature>/<number>-<what>`, e.g. `chat/0001-threads`. */
  readonly name: string;
  /** Tables made here that belong to the installation and not to its state: keys. Neither reset nor snapshots touch them. */
  readonly installation?: readonly string[];
  up(db: Kysely<unknown>, types: ColumnTypes): Promise<void>;
}

/** Column types that differ between the engines. */
export interface ColumnTypes {
  readonly blob: ColumnDataType;
  /** 53-bit integers: ids, counters, milliseconds. */
  readonly integer: ColumnDataType;
  /** A primary key that the database numbers. */
  readonly serial: ColumnDataType;
}

const COLUMN_TYPES: Readonly<Record<EngineKind, ColumnTypes>> = {
  sqlite: { blob: 'blob', integer: 'integer', serial: 'integer' },
  postgres: { blob: 'bytea', integer: 'bigint', serial: 'bigserial' },
};

// A type alias, because Kysely wants an implicit index signature here.
type MigrationTables = Record<'schema_migrations', { name: string }>;

/**
 * Applies what is missing of `migrations`, in order, on a connection that is inside a transaction.
 *
 * @throws Error when the database holds migrations this program does not know: it was written by a newer version
 */
export async function applyMigrations(untyped: Kysely<unknown>, engine: EngineKind, migrations: readonly Migration[]): Promise<void> {
  await untyped.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('name', 'text', (c) => c.primaryKey())
    .execute();
  const db = untyped.$extendTables<MigrationTables>();
  const applied = new Set((await db.selectFrom('schema_migrations').select('name').execute()).map((row) => row.name));
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = [...applied].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(
      `the database was written by a newer version of Switchboard (it has ${unknown.join(', ')}); start that version, or use another data folder`,
    );
  }
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    await migration.up(untyped, COLUMN_TYPES[engine]);
    await db.insertInto('schema_migrations').values({ name: migration.name }).execute();
  }
}
