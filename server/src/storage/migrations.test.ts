import { type CompiledQuery, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Migration } from './migrations.ts';
import { addNote, notesMigrations, notesOf } from './notes/testing.ts';
import { ENGINES } from './testing.ts';

const applied: CompiledQuery<{ name: string }> = new Kysely<{ schema_migrations: { name: string } }>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})
  .selectFrom('schema_migrations')
  .select('name')
  .orderBy('name')
  .compile();

const second: Migration = {
  name: 'test/0002-marks',
  up: async (db, types) => {
    await db.schema
      .createTable('marks')
      .addColumn('no', types.serial, (c) => c.primaryKey())
      .addColumn('bytes', types.blob)
      .execute();
  },
};

describe.each(ENGINES)('migrations on $name', (engine) => {
  it('are applied once, in their order, and what is new later', async () => {
    await using database = await engine.open();
    await database.engine.migrate(notesMigrations);
    await database.engine.write((tx) => tx.run(addNote, { id: 1, text: '' }));
    await database.engine.migrate([...notesMigrations, second]);
    expect(await notesOf(database.engine)).toEqual([1]);
    expect((await database.engine.query(applied)).rows).toEqual([{ name: 'test/0001-notes' }, { name: 'test/0002-marks' }]);
  });

  it('refuse a database of a newer version, by the name of what it has', async () => {
    await using database = await engine.open();
    await database.engine.migrate([...notesMigrations, second]);
    await expect(database.engine.migrate(notesMigrations)).rejects.toThrow(/newer version of Switchboard.*test\/0002-marks.*data folder/);
  });

  it('are undone as a whole when one fails, and run again after it is mended', async () => {
    await using database = await engine.open();
    const half: Migration = {
      name: 'test/0002-marks',
      up: async (db, types) => {
        await second.up(db, types);
        throw new Error('half done');
      },
    };
    await expect(database.engine.migrate([...notesMigrations, half])).rejects.toThrow('half done');
    await database.engine.migrate([...notesMigrations, second]);
    expect((await database.engine.query(applied)).rows).toHaveLength(2);
  });
});
