import type { Generated } from 'kysely';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../lib/clock.ts';
import type { SqlEngine } from './engine.ts';
import { SnapshotError } from './errors.ts';
import type { Migration } from './migrations.ts';
import { addNote, notesMigrations, notesOf } from './notes/testing.ts';
import { pick, statement } from './statement.ts';
import { afterHooks, ENGINES, LASTING_ENGINES, openStorage, START_MS, type TestEngine } from './testing.ts';

interface Tables {
  things: { no: Generated<number>; name: string; bytes: Uint8Array | null };
  machine: { id: number };
}

/** A table that numbers its rows, and one that belongs to the installation. */
const migrations: readonly Migration[] = [
  ...notesMigrations,
  {
    name: 'test/0002-things',
    installation: ['machine'],
    up: async (db, types) => {
      await db.schema
        .createTable('things')
        .addColumn('no', types.serial, (c) => c.primaryKey())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('bytes', types.blob)
        .execute();
      await db.schema.createTable('machine').addColumn('id', types.integer).execute();
    },
  },
];

const sql = statement<Tables>();
const addThing = sql((db, p: { name: string; bytes: Uint8Array | null }) =>
  db
    .insertInto('things')
    .values(pick(p, 'name', 'bytes'))
    .returning('no'),
);
const allThings = sql((db, _: Record<never, never>) => db.selectFrom('things').selectAll().orderBy('no'));
const addMachine = sql((db, p: { id: number }) => db.insertInto('machine').values(pick(p, 'id')));
const machines = sql((db, _: Record<never, never>) => db.selectFrom('machine').selectAll());

async function setUp(engine: TestEngine) {
  const database = await engine.open();
  const clock = new VirtualClock(START_MS);
  const storage = await openStorage({ engine: database.engine, clock, migrations });
  return {
    database,
    clock,
    storage,
    note: (id: number) => storage.write((tx) => tx.run(addNote, { id, text: `note ${id}` })),
    thing: (name: string, bytes: Uint8Array | null = null) => storage.write((tx) => tx.get(addThing, { name, bytes })),
    [Symbol.asyncDispose]: async () => {
      await storage.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

const nothing = () => Promise.resolve();

/** Names of snapshots are shared by all tests on one PostgreSQL database. */
let names = 0;
const newName = () => `test-${names++}`;

describe.each(ENGINES)('the state on $name', (engine) => {
  it('is emptied, but for what belongs to the installation, and numbers begin again', async () => {
    await using store = await setUp(engine);
    const { storage, database } = store;
    await store.note(1);
    expect(await store.thing('a')).toEqual({ no: 1 });
    await storage.write((tx) => tx.run(addMachine, { id: 7 }));
    const sealed = storage.keys.seal('text', 'place');
    await storage.state.reset(nothing);
    expect(await notesOf(storage.read)).toEqual([]);
    expect(await database.engine.all(machines, {})).toEqual([{ id: 7 }]);
    expect(storage.keys.unseal(sealed, 'place').toString()).toBe('text');
    expect(await store.thing('b')).toEqual({ no: 1 });
  });

  it('comes back as it was saved, value by value, with its numbering', async () => {
    await using store = await setUp(engine);
    const { storage } = store;
    const name = newName();
    const bytes = Buffer.from([0, 255, 1]);
    await store.thing('ü 🙂 \' "', bytes);
    await store.thing('none');
    await store.note(Number.MAX_SAFE_INTEGER);
    await storage.state.save({ name, note: 'a note' });
    const saved = await storage.read.all(allThings, {});
    await store.thing('later');
    await store.note(2);
    expect(await storage.state.restore(name, (note) => Promise.resolve(note))).toBe('a note');
    expect(await storage.read.all(allThings, {})).toEqual(saved);
    expect(Buffer.from(saved[0]?.bytes ?? [])).toEqual(bytes);
    expect(await notesOf(storage.read)).toEqual([Number.MAX_SAFE_INTEGER]);
    expect(await store.thing('next')).toEqual({ no: 3 });
    await storage.state.remove(name);
  });

  it('is saved as often as wanted, over an earlier copy too, and restored again and again', async () => {
    await using store = await setUp(engine);
    const { storage } = store;
    const [first, second] = [newName(), newName()];
    await storage.state.save({ name: first, note: '1' });
    await store.note(1);
    await storage.state.save({ name: second, note: '2' });
    await storage.state.save({ name: first, note: '3' });
    const mine = (await storage.state.list()).filter(({ name }) => name === first || name === second);
    expect(mine).toEqual([
      { name: first, note: '3' },
      { name: second, note: '2' },
    ]);
    for (const name of [second, first, second]) {
      await storage.state.reset(nothing);
      await storage.state.restore(name, nothing);
      expect(await notesOf(storage.read)).toEqual([1]);
    }
    expect(await storage.state.remove(first)).toBe(true);
    expect(await storage.state.remove(first)).toBe(false);
    await expect(storage.state.restore(first, nothing)).rejects.toMatchObject({ reason: 'unknown' });
    expect(await notesOf(storage.read)).toEqual([1]);
    await storage.state.remove(second);
  });

  it('of another schema is refused, and nothing changes', async () => {
    await using store = await setUp(engine);
    const { storage, database } = store;
    const name = newName();
    await storage.state.save({ name, note: '' });
    await store.note(1);
    await database.engine.migrate([...(await appliedOf(database.engine)), { name: 'test/0003-later', up: nothing }]);
    await expect(storage.state.restore(name, nothing)).rejects.toEqual(new SnapshotError('other-schema'));
    expect(await notesOf(storage.read)).toEqual([1]);
    await storage.state.remove(name);
  });

  it('tells whoever listens once it is replaced, in their order, and furnishes it then', async () => {
    await using store = await setUp(engine);
    const { storage } = store;
    const name = newName();
    await storage.state.save({ name, note: 'n' });
    await store.note(1);
    const heard: unknown[] = [];
    storage.state.onReplaced(async (replacement) => void heard.push('first', replacement, await notesOf(storage.read)));
    storage.state.onReplaced(() => void heard.push('second'));
    await storage.state.restore(name, () => Promise.resolve(void heard.push('furnished')));
    expect(heard).toEqual(['first', { kind: 'restored', note: 'n' }, [], 'second', 'furnished']);
    heard.length = 0;
    await storage.state.reset(() => store.note(5).then(() => undefined));
    expect(heard).toEqual(['first', { kind: 'reset' }, [], 'second']);
    expect(await notesOf(storage.read)).toEqual([5]);
    await storage.state.remove(name);
  });

  it('stays, and goes on, when it cannot be replaced', async () => {
    await using store = await setUp(engine);
    const { storage, clock } = store;
    const ran: unknown[] = [];
    storage.due.handle('test', ({ payload }) => Promise.resolve(void ran.push(payload)));
    await storage.write((tx) => storage.due.schedule(tx, { kind: 'test', dueAtMs: START_MS + 10, payload: 'kept' }));
    await store.note(1);
    await expect(storage.state.restore('never-saved', nothing)).rejects.toBeInstanceOf(SnapshotError);
    await store.note(2);
    await clock.advanceTo(START_MS + 20);
    await expect.poll(() => ran).toEqual(['kept']);
    expect(await notesOf(storage.read)).toEqual([1, 2]);
  });

  it('takes its due work with it: what was saved runs again, what came later does not', async () => {
    await using store = await setUp(engine);
    const { storage, clock } = store;
    const name = newName();
    const ran: unknown[] = [];
    storage.due.handle('test', ({ payload }) => Promise.resolve(void ran.push(payload)));
    const schedule = (payload: string, afterMs: number) =>
      storage.write((tx) => storage.due.schedule(tx, { kind: 'test', dueAtMs: START_MS + afterMs, payload }));
    await schedule('saved', 1_000);
    await storage.state.save({ name, note: '' });
    await schedule('later', 1_000);
    await afterHooks();
    await clock.advanceTo(START_MS + 5_000);
    expect(ran.sort()).toEqual(['later', 'saved']);
    await schedule('never', 9_000);
    await storage.state.restore(name, () => clock.set(START_MS));
    await storage.due.runDue();
    await clock.advanceTo(START_MS + 60_000);
    expect(ran).toEqual(['later', 'saved', 'saved']);
    await storage.state.remove(name);
  });

  it('is not touched by due work that began before it was replaced', async () => {
    await using store = await setUp(engine);
    const { storage } = store;
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const outcome = Promise.withResolvers<unknown>();
    storage.due.handle('test', async () => {
      begun.resolve();
      await goOn.promise;
      const write = store.note(66);
      outcome.resolve(write.catch((error: unknown) => error));
      await write;
    });
    await storage.write((tx) => storage.due.schedule(tx, { kind: 'test', dueAtMs: START_MS, payload: null }));
    await begun.promise;
    const resetting = storage.state.reset(nothing);
    goOn.resolve();
    await resetting;
    expect(await outcome.promise).toMatchObject({ name: 'UnavailableError' });
    expect(await notesOf(storage.read)).toEqual([]);
  });

  it('is replaced as a whole under writers: each write is in the old state or refused or in the new', async () => {
    await using store = await setUp(engine);
    const { storage } = store;
    let next = 0;
    const kept: number[] = [];
    const write = async (): Promise<void> => {
      const id = next++;
      await store.note(id).then(
        () => kept.push(id),
        () => undefined,
      );
    };
    const writing = Array.from({ length: 50 }, write);
    const resetting = storage.state.reset(() => Promise.resolve(void kept.splice(0)));
    writing.push(...Array.from({ length: 50 }, write));
    await resetting;
    writing.push(...Array.from({ length: 10 }, write));
    await Promise.all(writing);
    const stored = await notesOf(storage.read);
    expect(stored).toEqual(expect.arrayContaining(Array.from({ length: 10 }, (_, i) => 100 + i)));
    expect(stored.filter((id) => id < 50)).toEqual([]);
  });
});

describe.each(LASTING_ENGINES)('a snapshot on $name', (engine) => {
  it('outlives the process that saved it', async () => {
    await using database = await engine.open();
    const name = newName();
    const first = await openStorage({ engine: database.engine, migrations });
    await first.write((tx) => tx.run(addNote, { id: 1, text: 'saved' }));
    await first.state.save({ name, note: 'n' });
    await first.state.reset(nothing);
    await first.close();
    const next = await openStorage({ engine: database.openAnother(), migrations });
    await next.state.restore(name, nothing);
    expect(await notesOf(next.read)).toEqual([1]);
    await next.state.remove(name);
    await next.close();
  });
});

/** Everything that a storage applied, for an engine that is to get one more. */
async function appliedOf(engine: SqlEngine): Promise<Migration[]> {
  const names = statement<{ schema_migrations: { name: string } }>()((db, _: Record<never, never>) =>
    db.selectFrom('schema_migrations').select('name'),
  );
  return (await engine.all(names, {})).map(({ name }) => ({ name, up: nothing }));
}
