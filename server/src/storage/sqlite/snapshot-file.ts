import type { DatabaseSync } from 'node:sqlite';
import type { StoredSnapshot } from '../engine.ts';
import { SnapshotError } from '../errors.ts';

/** Name under which a snapshot's file is attached to the database. */
const ATTACHED = 'snapshot';
const HEADER = 'switchboard_snapshot';

/** Copies the tables `tables` of an open database into the empty file `file`, in one transaction. */
export function copyInto(database: DatabaseSync, file: string, copy: { readonly note: string; readonly tables: readonly string[] }): void {
  withAttached(database, file, () => {
    // A file that was not finished is thrown away, so it needs no journal; who finishes it syncs it.
    database.exec(`pragma ${ATTACHED}.journal_mode = off; pragma ${ATTACHED}.synchronous = off; begin`);
    for (const table of copy.tables) database.exec(`create table ${ATTACHED}.${quoted(table)} as select * from main.${quoted(table)}`);
    database.exec(`create table ${ATTACHED}.${HEADER} (note text not null, schema text not null)`);
    database.prepare(`insert into ${ATTACHED}.${HEADER} values (?, ?)`).run(copy.note, schemaOf(database));
    database.exec('commit');
  });
}

/**
 * Puts the content of a snapshot's file in the place of the rows of `tables`, in one transaction.
 *
 * @returns the note that was saved with it
 * @throws SnapshotError
 */
export function replaceFrom(database: DatabaseSync, file: string, tables: readonly string[]): string {
  try {
    return withAttached(database, file, () => {
      const { note, schema } = readHeader(database, ATTACHED);
      if (schema !== schemaOf(database)) throw new SnapshotError('other-schema');
      database.exec('begin immediate; pragma defer_foreign_keys = on');
      for (const table of tables) {
        const columns = columnsOf(database, table);
        database.exec(`delete from main.${quoted(table)}`);
        database.exec(`insert into main.${quoted(table)} (${columns}) select ${columns} from ${ATTACHED}.${quoted(table)}`);
      }
      database.exec('commit');
      return note;
    });
  } catch (error) {
    throw isUnreadable(error) ? new SnapshotError('damaged', error) : error;
  }
}

/** Removes every row of `tables`, in one transaction. */
export function clearTables(database: DatabaseSync, tables: readonly string[]): void {
  database.exec('begin immediate; pragma defer_foreign_keys = on');
  for (const table of tables) database.exec(`delete from main.${quoted(table)}`);
  database.exec('commit');
}

/** @throws SnapshotError when it is no snapshot */
export function readHeader(database: DatabaseSync, schema: 'main' | typeof ATTACHED): Pick<StoredSnapshot, 'note'> & { schema: string } {
  try {
    const row = database.prepare(`select note, schema from ${schema}.${HEADER}`).get();
    if (row !== undefined) return { note: String(row['note']), schema: String(row['schema']) };
  } catch (error) {
    throw new SnapshotError('damaged', error);
  }
  throw new SnapshotError('damaged');
}

/** Every table but the bookkeeping of SQLite and of migrations, and `except`. */
export function tablesOf(database: DatabaseSync, except: readonly string[]): string[] {
  const rows = database.prepare(`select name from main.sqlite_master where type = 'table' and name not like 'sqlite#_%' escape '#'`).all();
  const left = new Set([...except, MIGRATIONS]);
  return rows.map((row) => String(row['name'])).filter((name) => !left.has(name));
}

const MIGRATIONS = 'schema_migrations';

/** The migrations that made the schema: rows fit only where the same were applied. */
function schemaOf(database: DatabaseSync): string {
  const rows = database.prepare(`select name from main.${MIGRATIONS} order by name`).all();
  return JSON.stringify(rows.map((row) => row['name']));
}

function columnsOf(database: DatabaseSync, table: string): string {
  const rows = database.prepare('select name from pragma_table_info(?)').all(table);
  return rows.map((row) => quoted(String(row['name']))).join(', ');
}

/** Attaching is not possible inside a transaction, and neither is letting go. */
function withAttached<T>(database: DatabaseSync, file: string, work: () => T): T {
  database.prepare(`attach ? as ${ATTACHED}`).run(file);
  try {
    return work();
  } finally {
    if (database.isTransaction) database.exec('rollback');
    database.exec(`detach ${ATTACHED}`);
  }
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function isUnreadable(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
