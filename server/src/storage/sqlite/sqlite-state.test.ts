import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addNote, notesMigrations, notesOf } from '../notes/testing.ts';
import { openSqlite, openStorage } from '../testing.ts';

async function setUp() {
  const database = await openSqlite();
  const storage = await openStorage({ engine: database.engine, migrations: notesMigrations });
  return {
    storage,
    folder: join(database.folder, 'snapshots'),
    note: (id: number) => storage.write((tx) => tx.run(addNote, { id, text: `note ${id}` })),
    [Symbol.asyncDispose]: async () => {
      await storage.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

const nothing = () => Promise.resolve();

describe('a snapshot file', () => {
  it('is for its owner alone, and what was left half written goes', async () => {
    await using store = await setUp();
    const { folder } = store;
    await store.storage.state.save({ name: 'one', note: '' });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'one.db')).mode & 0o777).toBe(0o600);
    writeFileSync(join(folder, 'two.unfinished'), 'half');
    expect(await store.storage.state.list()).toEqual([{ name: 'one', note: '' }]);
    await store.storage.state.save({ name: 'three', note: '' });
    expect(readdirSync(folder).sort()).toEqual(['one.db', 'three.db']);
  });

  it.each([
    ['is no database', (file: string) => writeFileSync(file, 'x'.repeat(10_000))],
    ['is empty', (file: string) => truncateSync(file, 0)],
    ['was cut off', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ])('that %s is refused, nothing changes, and it can be removed', async (_what, damage) => {
    await using store = await setUp();
    const { storage } = store;
    for (let id = 1; id <= 300; id++) await store.note(id);
    await storage.state.save({ name: 'bad', note: '' });
    await storage.state.reset(nothing);
    await store.note(1);
    damage(join(store.folder, 'bad.db'));
    await expect(storage.state.restore('bad', nothing)).rejects.toMatchObject({ reason: 'damaged' });
    expect(await notesOf(storage.read)).toEqual([1]);
    await store.note(2);
    expect(await storage.state.remove('bad')).toBe(true);
    expect(await storage.state.list()).toEqual([]);
  });
});
