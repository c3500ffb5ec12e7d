import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { CompiledQuery } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Transaction } from '../engine.ts';
import { addNote, allNotes, noteById, notesMigrations, notesOf, setText } from '../notes/testing.ts';
import { afterHooks, openPostgres, type PostgresOptions } from '../testing.ts';
import { PostgresEngine } from './postgres-engine.ts';

async function openNotes(options?: PostgresOptions) {
  const database = await openPostgres(options);
  await database.engine.migrate(notesMigrations);
  await database.engine.write(async (tx) => {
    await tx.run(addNote, { id: 1, text: '0' });
    await tx.run(addNote, { id: 2, text: '0' });
  });
  return database;
}

/** Lets two units meet once, each in its first run. */
function meeting(): () => Promise<void> {
  const both = Promise.withResolvers<void>();
  let arrived = 0;
  return async () => {
    arrived += 1;
    if (arrived === 2) both.resolve();
    if (arrived <= 2) await both.promise;
  };
}

describe('the PostgreSQL engine', () => {
  it('commits to disk before it answers, whatever the settings of the database say', async () => {
    await using database = await openPostgres({ settings: { synchronous_commit: 'off' } });
    const { rows } = await database.engine.query(CompiledQuery.raw('show synchronous_commit'));
    expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  });

  it('runs the loser of a deadlock again', async () => {
    await using database = await openNotes({ settings: { deadlock_timeout: '20ms' } });
    const meet = meeting();
    let runs = 0;
    const unit = (first: number, second: number) =>
      database.engine.write(async (tx) => {
        runs += 1;
        await tx.run(setText, { id: first, text: `${first}` });
        await meet();
        await tx.run(setText, { id: second, text: `${first}` });
      });
    await Promise.all([unit(1, 2), unit(2, 1)]);
    // More when the loser is quick enough to get in the way once more.
    expect(runs).toBeGreaterThanOrEqual(3);
    const notes = await database.engine.all(allNotes, {});
    expect(notes[0]?.text).toBe(notes[1]?.text);
  });

  it('runs the loser of a serialisation race again, with its hooks once', async () => {
    await using database = await openNotes({ settings: { default_transaction_isolation: 'serializable' } });
    const meet = meeting();
    const ran: number[] = [];
    let runs = 0;
    const count = async (tx: Transaction) => {
      runs += 1;
      const present = Number((await tx.get(noteById, { id: 1 }))?.text);
      await meet();
      await tx.run(setText, { id: 1, text: String(present + 1) });
      tx.afterCommit(() => ran.push(present + 1));
    };
    await Promise.all([database.engine.write(count), database.engine.write(count)]);
    await afterHooks();
    expect(runs).toBe(3);
    expect(ran).toEqual([1, 2]);
    expect(await database.engine.get(noteById, { id: 1 })).toEqual({ id: 1, text: '2' });
  });

  it('says that it is unavailable when the connection breaks within a unit, and goes on with a new one', async () => {
    await using database = await openNotes();
    const unit = database.engine.write(async (tx) => {
      await tx.run(addNote, { id: 3, text: '' });
      await database.cutConnections();
      await tx.run(addNote, { id: 4, text: '' });
    });
    await expect(unit).rejects.toMatchObject({ name: 'UnavailableError', reason: 'connection-lost' });
    expect(await notesOf(database.engine)).toEqual([1, 2]);
  });

  it('survives the loss of idle connections', async () => {
    await using database = await openNotes();
    await database.cutConnections();
    await expect.poll(() => notesOf(database.engine).catch(() => 'unavailable')).toEqual([1, 2]);
  });

  it('says that it is unavailable when there is no database', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    silent.close();
    await once(silent, 'close');
    const engine = new PostgresEngine({ url: `postgres://nobody@127.0.0.1:${port}/none`, onHookFailure: () => undefined });
    const refused = { name: 'UnavailableError', reason: 'connection-lost' };
    await expect(engine.get(noteById, { id: 1 })).rejects.toMatchObject(refused);
    await expect(engine.write(() => undefined)).rejects.toMatchObject(refused);
    await expect(engine.query(CompiledQuery.raw('select 1'))).rejects.toMatchObject(refused);
    await expect(engine.claim()).rejects.toMatchObject(refused);
    await engine.close();
  });

  it('lets two processes that start at once migrate one after the other', async () => {
    await using database = await openPostgres();
    const other = database.openAnother();
    await Promise.all([database.engine.migrate(notesMigrations), other.migrate(notesMigrations)]);
    expect(await notesOf(other)).toEqual([]);
  });
});

describe('the claim of a database', () => {
  it('is refused to a second process until the first gives it back or ends', async () => {
    await using database = await openNotes();
    const second = database.openAnother();
    const release = await database.engine.claim();
    expect(release).toBeTypeOf('function');
    expect(await second.claim()).toBeUndefined();
    release?.();
    await expect.poll(() => second.claim()).toBeTypeOf('function');
    await second.close();
    await expect.poll(() => database.engine.claim()).toBeTypeOf('function');
  });

  it('is taken again after its connection was lost', async () => {
    await using database = await openNotes();
    await database.engine.claim();
    await database.cutConnections();
    const other = database.openAnother();
    const refusedAfterWrite = async (): Promise<boolean> => {
      await database.engine.write((tx) => tx.run(setText, { id: 1, text: 'again' })).catch(() => undefined);
      const release = await other.claim();
      release?.();
      return release === undefined;
    };
    await expect.poll(refusedAfterWrite).toBe(true);
  });

  it('that another process took meanwhile stops every write', async () => {
    await using database = await openNotes();
    await database.engine.claim();
    await database.cutConnections();
    const second = database.openAnother();
    await expect.poll(() => second.claim()).toBeTypeOf('function');
    const write = () => database.engine.write((tx) => tx.run(addNote, { id: 3, text: '' }));
    await expect(write()).rejects.toMatchObject({ name: 'UnavailableError', reason: 'busy' });
    expect(await notesOf(database.engine)).toEqual([1, 2]);
    await second.close();
    await expect.poll(() => write().catch(() => 0)).toBe(1);
  });
});
