import { existsSync, statSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CompiledQuery } from 'kysely';
import { describe, expect, it } from 'vitest';
import { addNote, notesMigrations, notesOf } from '../notes/testing.ts';
import { statement } from '../statement.ts';
import { ENGINES, openSqlite } from '../testing.ts';
import { SqliteEngine } from './sqlite-engine.ts';

const writersSettings = statement<{
  pragma_journal_mode: { journal_mode: string };
  pragma_synchronous: { synchronous: number };
  pragma_foreign_keys: { foreign_keys: number };
}>()((db, _: Record<never, never>) => db.selectFrom(['pragma_journal_mode', 'pragma_synchronous', 'pragma_foreign_keys']).selectAll());

async function setUp() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'switchboard-sqlite-'));
  const path = join(folder.path, 'test.db');
  const failures: unknown[] = [];
  const report = (error: unknown): void => void failures.push(error);
  const engine = new SqliteEngine({ path, onSyncFailure: report, onWorkerFailure: report, onHookFailure: report });
  await engine.migrate(notesMigrations);
  return {
    path,
    engine,
    failures,
    add: (id: number) => engine.write((tx) => tx.run(addNote, { id, text: '' })),
    [Symbol.asyncDispose]: async () => {
      await engine.close();
      await folder.remove();
    },
  };
}

describe('the embedded engine', () => {
  it('writes a log that was made as large as it will be, and never shrinks it', async () => {
    await using store = await setUp();
    const before = statSync(`${store.path}-wal`).size;
    expect(before).toBeGreaterThan(12 * 1024 * 1024);
    for (let id = 0; id < 20; id++) await store.add(id);
    expect(statSync(`${store.path}-wal`).size).toBe(before);
  });

  it('keeps the syncs that protect the database itself', async () => {
    await using database = await openSqlite();
    const writing = await database.engine.write((tx) => tx.get(writersSettings, {}));
    // NORMAL is 1; OFF, which would let a power cut damage the database, is 0.
    expect(writing).toEqual({ journal_mode: 'wal', synchronous: 1, foreign_keys: 1 });
  });

  it('in memory lets the event loop go on between the batches of who writes one after the other', async () => {
    await using memory = await ENGINES[0]!.open();
    let turns = 0;
    let isDone = false;
    const turn = () => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    for (let i = 0; i < 50; i++) await memory.engine.write(() => undefined);
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(50);
  });

  it('reads through a connection that cannot write', async () => {
    await using store = await setUp();
    expect(() => store.engine.query(CompiledQuery.raw("insert into notes values (1, '')"))).toThrow(/readonly/);
  });

  it('copies its log back in a worker while writers go on', async () => {
    await using store = await setUp();
    let id = 0;
    while (!hasTable(store.path)) {
      await store.add(id++);
      expect(id).toBeLessThan(5_000);
    }
    for (let more = 0; more < 10; more++) await store.add(id++);
    expect(await notesOf(store.engine)).toHaveLength(id);
    expect(store.failures).toEqual([]);
  });

  it('closes twice as once, and leaves a database that opens without its log', async () => {
    await using store = await setUp();
    await store.add(1);
    await Promise.all([store.engine.close(), store.engine.close()]);
    expect(existsSync(`${store.path}-wal`)).toBe(false);
    const database = new DatabaseSync(store.path, { readOnly: true });
    expect(database.prepare('select id from notes').all()).toEqual([{ id: 1 }]);
    database.close();
  });
});

/** Whether the database file itself, without its log, holds the table: then a checkpoint has happened. */
function hasTable(path: string): boolean {
  const database = new DatabaseSync(`file:${path}?immutable=1`, { readOnly: true });
  try {
    return database.prepare("select 1 from sqlite_master where name = 'notes'").get() !== undefined;
  } catch {
    // Read in the middle of a checkpoint, which such a reader knows nothing of.
    return false;
  } finally {
    database.close();
  }
}
