import { describe, expect, it } from 'vitest';
import { pick, statement } from './statement.ts';

interface Tables {
  notes: { id: number; text: string };
}

const sql = statement<Tables>();

describe('statement', () => {
  it('is compiled for each engine, with its values in the order in which they are bound', () => {
    const insert = sql((db, p: { text: string; id: number }) => db.insertInto('notes').values(pick(p, 'id', 'text')));
    expect(insert.for('sqlite')).toMatchObject({ sql: 'insert into "notes" ("id", "text") values (?, ?)', order: ['id', 'text'] });
    expect(insert.for('postgres')).toMatchObject({ sql: 'insert into "notes" ("id", "text") values ($1, $2)', order: ['id', 'text'] });
  });

  it('binds a value as often as the text uses it', () => {
    const twice = sql((db, p: { id: number }) => db.updateTable('notes').set({ id: p.id }).where('id', '=', p.id));
    expect(twice.for('postgres').order).toEqual(['id', 'id']);
  });

  it('is compiled once', () => {
    let built = 0;
    const counted = sql((db, p: { id: number }) => {
      built += 1;
      return db.selectFrom('notes').selectAll().where('id', '=', p.id);
    });
    expect(counted.for('sqlite')).toBe(counted.for('sqlite'));
    expect(built).toBe(1);
  });

  it('has a name of its own on PostgreSQL, where one name with two texts is an error', () => {
    const first = sql((db, _: Record<never, never>) => db.selectFrom('notes').selectAll());
    const second = sql((db, _: Record<never, never>) => db.deleteFrom('notes'));
    expect(first.for('postgres').name).not.toBe(second.for('postgres').name);
  });

  it.each([
    ['a number', sql((db, _: Record<never, never>) => db.selectFrom('notes').selectAll().where('id', '=', 1))],
    ['a text', sql((db, _: Record<never, never>) => db.updateTable('notes').set({ text: 'x' }))],
    ['a limit', sql((db, _: Record<never, never>) => db.selectFrom('notes').selectAll().limit(5))],
  ])('refuses %s written into it: it would be frozen into every execution', (_what, frozen) => {
    expect(() => frozen.for('sqlite')).toThrow(/literal value instead of a parameter/);
    expect(() => frozen.for('postgres')).toThrow(/literal value instead of a parameter/);
  });
});
