import type { Reader } from '../engine.ts';
import type { Migration } from '../migrations.ts';
import { pick, statement } from '../statement.ts';

/** A small table for the tests of the engines. */
export const notesMigrations: readonly Migration[] = [
  {
    name: 'test/0001-notes',
    up: async (db, types) => {
      await db.schema
        .createTable('notes')
        .addColumn('id', types.integer, (c) => c.primaryKey())
        .addColumn('text', 'text', (c) => c.notNull())
        .execute();
    },
  },
];

const sql = statement<{ notes: { id: number; text: string } }>();

export const addNote = sql((db, p: { id: number; text: string }) => db.insertInto('notes').values(pick(p, 'id', 'text')));
export const setText = sql((db, p: { id: number; text: string }) => db.updateTable('notes').set({ text: p.text }).where('id', '=', p.id));
export const noteById = sql((db, p: { id: number }) => db.selectFrom('notes').selectAll().where('id', '=', p.id));
export const allNotes = sql((db, _: Record<never, never>) => db.selectFrom('notes').selectAll().orderBy('id'));

/** The ids of all notes. */
export async function notesOf(read: Reader): Promise<number[]> {
  return (await read.all(allNotes, {})).map((note) => note.id);
}
