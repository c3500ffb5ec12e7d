import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../lib/clock.ts';
import { RandomIds } from '../lib/ids.ts';
import { recordingLog, RepeatableRandom } from '../lib/testing.ts';
import { type Due, DueWork, dueWorkMigrations } from './due-work.ts';
import type { SqlEngine } from './engine.ts';
import { afterHooks, ENGINES, LASTING_ENGINES, openPostgres, START_MS, type TestDatabase } from './testing.ts';

const MINUTE = 60_000;

/** A process that runs due work: its own handlers, and its own idea of real time, which leases go by. */
class Worker {
  readonly ran: string[] = [];
  readonly lines: readonly string[];
  readonly due: DueWork;
  readonly #engine: SqlEngine;
  /** What a handler does instead of nothing, by work id. */
  readonly does = new Map<string, (due: Due) => Promise<void>>();
  realMs = START_MS;

  constructor(engine: SqlEngine, clock: VirtualClock, seed = 'worker') {
    const { log, lines } = recordingLog();
    this.lines = lines;
    this.#engine = engine;
    this.due = new DueWork({ engine, clock, log, ids: new RandomIds(new RepeatableRandom(seed)), realNow: () => this.realMs });
    this.due.handle('test', async (due) => {
      this.ran.push(`${due.id}${due.attempt === 1 ? '' : ` (${due.attempt})`}`);
      await this.does.get(due.id)?.(due);
    });
  }

  async schedule(id: string, dueAtMs: number, payload: unknown = null): Promise<void> {
    await this.#engine.write((tx) => this.due.schedule(tx, { kind: 'test', id, dueAtMs, payload }));
    await afterHooks();
  }

  cancel(id: string): Promise<void> {
    return this.#engine.write((tx) => this.due.cancel(tx, id));
  }
}

async function setUp<D extends TestDatabase>({ open }: { readonly open: () => Promise<D> }) {
  const database = await open();
  await database.engine.migrate(dueWorkMigrations);
  const clock = new VirtualClock(START_MS);
  const worker = new Worker(database.engine, clock);
  return {
    database,
    clock,
    worker,
    [Symbol.asyncDispose]: async () => {
      await worker.due.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

describe.each(ENGINES)('due work on $name', (engine) => {
  it('runs when the clock reaches its time, in the order of the times, with what it was given', async () => {
    await using store = await setUp(engine);
    const { worker, clock } = store;
    let payload: unknown;
    worker.does.set('second', (due) => Promise.resolve(void (payload = due.payload)));
    await worker.schedule('third', START_MS + 3 * MINUTE);
    await worker.schedule('first', START_MS + MINUTE);
    await worker.schedule('second', START_MS + 2 * MINUTE, { a: [1, 'ü', null] });
    await clock.advanceTo(START_MS + MINUTE - 1);
    expect(worker.ran).toEqual([]);
    await clock.advanceTo(START_MS + 2 * MINUTE);
    expect(worker.ran).toEqual(['first', 'second']);
    expect(payload).toEqual({ a: [1, 'ü', null] });
    await clock.advanceTo(START_MS + 60 * MINUTE);
    expect(worker.ran).toEqual(['first', 'second', 'third']);
  });

  it('runs at once when its time is now or past', async () => {
    await using store = await setUp(engine);
    await store.worker.schedule('now', START_MS);
    await store.worker.schedule('past', START_MS - MINUTE);
    await store.worker.due.runDue();
    expect(store.worker.ran).toEqual(['now', 'past']);
  });

  it('runs what it scheduled itself before an advance of the clock ends', async () => {
    await using store = await setUp(engine);
    const { worker, clock } = store;
    const times: number[] = [];
    worker.does.set('a', () => worker.schedule('b', clock.now() + MINUTE));
    worker.does.set('b', () => worker.schedule('c', clock.now() + MINUTE));
    worker.does.set('c', () => Promise.resolve(void times.push(clock.now())));
    await worker.schedule('a', START_MS + MINUTE);
    await clock.advanceTo(START_MS + 10 * MINUTE);
    expect(worker.ran).toEqual(['a', 'b', 'c']);
    expect(times).toEqual([START_MS + 3 * MINUTE]);
  });

  it('is not there when its transaction failed', async () => {
    await using store = await setUp(engine);
    const { worker, clock, database } = store;
    const failing = database.engine.write(async (tx) => {
      await worker.due.schedule(tx, { kind: 'test', id: 'never', dueAtMs: START_MS + 1, payload: null });
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    await clock.advanceTo(START_MS + MINUTE);
    expect(worker.ran).toEqual([]);
  });

  it('moves when it is scheduled again under its id, both ways', async () => {
    await using store = await setUp(engine);
    const { worker, clock } = store;
    await worker.schedule('later', START_MS + MINUTE);
    await worker.schedule('later', START_MS + 3 * MINUTE);
    await worker.schedule('sooner', START_MS + 9 * MINUTE);
    await worker.schedule('sooner', START_MS + 2 * MINUTE);
    await clock.advanceTo(START_MS + 2 * MINUTE);
    expect(worker.ran).toEqual(['sooner']);
    await clock.advanceTo(START_MS + 20 * MINUTE);
    expect(worker.ran).toEqual(['sooner', 'later']);
  });

  it('stays when it is moved while it runs', async () => {
    await using store = await setUp(engine);
    const { worker, clock } = store;
    worker.does.set('again', () => (worker.ran.length === 1 ? worker.schedule('again', clock.now() + MINUTE) : Promise.resolve()));
    await worker.schedule('again', START_MS + MINUTE);
    await clock.advanceTo(START_MS + MINUTE);
    expect(worker.ran).toEqual(['again']);
    await clock.advanceTo(START_MS + 9 * MINUTE);
    expect(worker.ran).toEqual(['again', 'again']);
  });

  it('does not run when it was cancelled', async () => {
    await using store = await setUp(engine);
    const { worker, clock } = store;
    await worker.schedule('cancelled', START_MS + MINUTE);
    await worker.cancel('cancelled');
    await worker.cancel('never scheduled');
    await clock.advanceTo(START_MS + 9 * MINUTE);
    expect(worker.ran).toEqual([]);
  });

  it('is tried again after 10, 20, 40 seconds when its handler fails, and others are not held up', async () => {
    await using store = await setUp(engine);
    const { worker, clock } = store;
    const tries: number[] = [];
    worker.does.set('flaky', ({ attempt }) => {
      tries.push((clock.now() - START_MS) / 1_000);
      return attempt < 4 ? Promise.reject(new Error('not yet')) : Promise.resolve();
    });
    await worker.schedule('flaky', START_MS + 1_000);
    await worker.schedule('other', START_MS + 1_001);
    await clock.advanceTo(START_MS + 2_000);
    expect(worker.ran).toEqual(['flaky', 'other']);
    await clock.advanceTo(START_MS + 60 * MINUTE);
    expect(tries).toEqual([1, 11, 31, 71]);
    expect(worker.lines.filter((line) => line.includes('tried again'))).toHaveLength(3);
  });

  it('waits at most an hour between two tries', async () => {
    await using store = await setUp(engine);
    const { worker, clock } = store;
    worker.does.set('hopeless', () => Promise.reject(new Error('never')));
    await worker.schedule('hopeless', START_MS);
    await worker.due.runDue();
    await clock.advanceTo(START_MS + 24 * 60 * MINUTE);
    expect(worker.ran.length).toBeGreaterThan(24);
    expect(worker.ran.length).toBeLessThan(24 + 12);
  });

  it('of a kind that nothing handles is kept and reported', async () => {
    await using store = await setUp(engine);
    const { worker, clock, database } = store;
    await database.engine.write((tx) => worker.due.schedule(tx, { kind: 'of a newer version', id: 'x', dueAtMs: START_MS, payload: 1 }));
    await worker.due.runDue();
    expect(worker.lines.join('')).toContain('nothing handles work of kind of a newer version');
    worker.due.handle('of a newer version', ({ id }) => Promise.resolve(void worker.ran.push(id)));
    await clock.advanceTo(START_MS + MINUTE);
    expect(worker.ran).toEqual(['x']);
  });

  it('runs more than one batch, each once', async () => {
    await using store = await setUp(engine);
    const { worker, clock, database } = store;
    await database.engine.write(async (tx) => {
      for (let i = 0; i < 120; i++) await worker.due.schedule(tx, { kind: 'test', dueAtMs: START_MS + 1 + i, payload: i });
    });
    await afterHooks();
    await clock.advanceTo(START_MS + MINUTE);
    expect(new Set(worker.ran).size).toBe(120);
    expect(worker.ran).toHaveLength(120);
  });

  it('is left alone by a closed process', async () => {
    await using store = await setUp(engine);
    await store.worker.schedule('late', START_MS + MINUTE);
    await store.worker.due.close();
    await store.worker.schedule('later', START_MS + 2 * MINUTE);
    await store.clock.advanceTo(START_MS + 9 * MINUTE);
    expect(store.worker.ran).toEqual([]);
  });
});

describe.each(LASTING_ENGINES)('due work on $name', (engine) => {
  it('that fell due while no process ran is run by the next one', async () => {
    await using store = await setUp(engine);
    await store.worker.schedule('asleep', START_MS + MINUTE);
    await store.worker.due.close();
    await store.database.engine.close();
    const next = new Worker(store.database.openAnother(), new VirtualClock(START_MS + 60 * MINUTE));
    await next.due.start({ isAlone: false });
    expect(next.ran).toEqual(['asleep']);
    await next.due.close();
  });

  it('is run by one of two processes', async () => {
    await using store = await setUp(engine);
    const other = new Worker(store.database.openAnother(), store.clock, 'other');
    for (let i = 0; i < 20; i++) await store.worker.schedule(`work ${i}`, START_MS + MINUTE);
    await store.clock.set(START_MS + MINUTE);
    await Promise.all([store.worker.due.runDue(), other.due.runDue()]);
    await Promise.all([store.worker.due.runDue(), other.due.runDue()]);
    const all = [...store.worker.ran, ...other.ran];
    expect(all).toHaveLength(20);
    expect(new Set(all).size).toBe(20);
    await other.due.close();
  });

  it('of a process that died in its handler is run by another when the lease is over, not before', async () => {
    await using store = await setUp(engine);
    const { worker, clock } = store;
    const never = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    worker.does.set('interrupted', () => {
      begun.resolve();
      return never.promise;
    });
    await worker.schedule('interrupted', START_MS + MINUTE);
    const dying = clock.advanceTo(START_MS + MINUTE);
    await begun.promise;
    const heir = new Worker(store.database.openAnother(), new VirtualClock(START_MS + MINUTE), 'heir');
    heir.realMs = START_MS + 59_999;
    await heir.due.start({ isAlone: false });
    expect(heir.ran).toEqual([]);
    heir.realMs = START_MS + 60_000;
    await heir.due.runDue();
    expect(heir.ran).toEqual(['interrupted (2)']);
    // What the first process says when it wakes up after all concerns nobody any more.
    never.resolve();
    await dying;
    await heir.due.close();
  });
});

describe('due work', () => {
  it('goes on after the store was unavailable', async () => {
    await using store = await setUp({ open: openPostgres });
    const { worker, clock, database } = store;
    await worker.schedule('patient', START_MS + MINUTE);
    await database.cutConnections();
    await expect
      .poll(async () => {
        await clock.advanceTo(clock.now() + MINUTE);
        return worker.ran;
      })
      .toEqual(['patient']);
  });
});
