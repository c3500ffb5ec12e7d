import { describe, expect, it } from 'vitest';
import type { SqlEngine, Transaction } from './engine.ts';
import { UnavailableError } from './errors.ts';
import { addNote, allNotes, noteById, notesMigrations, notesOf } from './notes/testing.ts';
import { afterHooks, ENGINES, LASTING_ENGINES, type TestEngine } from './testing.ts';

async function openNotes(engine: TestEngine) {
  const database = await engine.open();
  await database.engine.migrate(notesMigrations);
  return database;
}

function add(engine: SqlEngine, id: number, text = `note ${id}`): Promise<number> {
  return engine.write((tx) => tx.run(addNote, { id, text }));
}

describe.each(ENGINES)('$name', (engine) => {
  it('keeps what a unit wrote, and tells how many rows it changed', async () => {
    await using database = await openNotes(engine);
    expect(await add(database.engine, 1)).toBe(1);
    expect(await database.engine.get(noteById, { id: 1 })).toEqual({ id: 1, text: 'note 1' });
    expect(await database.engine.get(noteById, { id: 2 })).toBeUndefined();
  });

  it('stores text, 53-bit integers, bytes and null as they are', async () => {
    await using database = await openNotes(engine);
    const text = 'quote \' " \\ percent % emoji 🙂 line\nend';
    await add(database.engine, Number.MAX_SAFE_INTEGER, text);
    expect(await database.engine.get(noteById, { id: Number.MAX_SAFE_INTEGER })).toEqual({ id: Number.MAX_SAFE_INTEGER, text });
  });

  it('lets a unit see its own writes', async () => {
    await using database = await openNotes(engine);
    const seen = await database.engine.write(async (tx) => {
      await tx.run(addNote, { id: 1, text: 'mine' });
      return tx.get(noteById, { id: 1 });
    });
    expect(seen).toEqual({ id: 1, text: 'mine' });
  });

  it.each([
    ['before it wrote', 0],
    ['after it wrote', 1],
  ])('undoes a unit that throws %s, alone, with its own error', async (_when, writes) => {
    await using database = await openNotes(engine);
    const fault = new Error('of the unit');
    const failing = database.engine.write(async (tx) => {
      for (let i = 0; i < writes; i++) await tx.run(addNote, { id: 10 + i, text: 'undone' });
      throw fault;
    });
    const results = await Promise.allSettled([add(database.engine, 1), failing, add(database.engine, 2)]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(failing).rejects.toBe(fault);
    expect(await notesOf(database.engine)).toEqual([1, 2]);
  });

  it('hands on an error that carries a code of its own', async () => {
    await using database = await openNotes(engine);
    for (const code of ['NotFound', 'E1234', '40001']) {
      const fault = Object.assign(new Error('of the unit'), { code });
      await expect(database.engine.write(() => Promise.reject(fault))).rejects.toBe(fault);
    }
  });

  it("hands on the database's own error, and goes on", async () => {
    await using database = await openNotes(engine);
    await add(database.engine, 1);
    await expect(add(database.engine, 1)).rejects.toThrow(/unique/i);
    await add(database.engine, 2);
    expect(await notesOf(database.engine)).toEqual([1, 2]);
  });

  it('runs hooks once, after the commit, in its order, and none of a unit that failed', async () => {
    await using database = await openNotes(engine);
    const ran: string[] = [];
    const unit = (name: string, id: number) => async (tx: Transaction) => {
      tx.afterCommit(() => ran.push(`${name}.1`));
      await tx.run(addNote, { id, text: name });
      tx.afterCommit(() => ran.push(`${name}.2`));
    };
    await database.engine.write(unit('a', 1));
    await expect(database.engine.write(unit('failing', 1))).rejects.toThrow();
    await database.engine.write(unit('b', 2));
    await afterHooks();
    expect(ran).toEqual(['a.1', 'a.2', 'b.1', 'b.2']);
  });

  it('acknowledges before it runs hooks', async () => {
    await using database = await openNotes(engine);
    const order: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    await database.engine.write(async (tx) => {
      await tx.run(addNote, { id: 1, text: '' });
      tx.afterCommit(() => {
        order.push('hook');
        resolve();
      });
    });
    order.push('acknowledged');
    await promise;
    expect(order).toEqual(['acknowledged', 'hook']);
  });

  it('takes many units at once', async () => {
    await using database = await openNotes(engine);
    await Promise.all(Array.from({ length: 300 }, (_, id) => add(database.engine, id)));
    expect(await notesOf(database.engine)).toEqual(Array.from({ length: 300 }, (_, id) => id));
  });

  it('finishes what was handed in before it was closed, and refuses what comes later', async () => {
    const database = await openNotes(engine);
    const before = add(database.engine, 1);
    // On PostgreSQL a unit that holds no connection yet may still be refused, but never be lost unsaid.
    const closed = database.engine.close();
    const late = add(database.engine, 2);
    await expect(late).rejects.toMatchObject({ name: 'UnavailableError', reason: 'closed' });
    await expect(before).resolves.toBe(1);
    await closed;
    await database.engine.close();
    await database[Symbol.asyncDispose]();
  });
});

describe.each(LASTING_ENGINES)('$name', (engine) => {
  it('never shows a reader what is not committed', async () => {
    await using database = await openNotes(engine);
    await add(database.engine, 1);
    const { promise: written, resolve: tell } = Promise.withResolvers<void>();
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const unit = database.engine.write(async (tx) => {
      await tx.run(addNote, { id: 2, text: '' });
      tell();
      await mayEnd;
    });
    await written;
    expect(await notesOf(database.engine)).toEqual([1]);
    end();
    await unit;
    expect(await notesOf(database.engine)).toEqual([1, 2]);
  });

  it('finds everything again when it is opened once more', async () => {
    await using database = await openNotes(engine);
    await add(database.engine, 1);
    await database.engine.close();
    const again = database.openAnother();
    await again.migrate(notesMigrations);
    expect(await again.all(allNotes, {})).toEqual([{ id: 1, text: 'note 1' }]);
  });
});

it('names why it is unavailable', () => {
  const cause = new Error('deep');
  const error = new UnavailableError('disk-full', cause);
  expect(error).toMatchObject({ name: 'UnavailableError', reason: 'disk-full', cause });
});
