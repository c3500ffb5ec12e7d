import { describe, expect, it } from 'vitest';
import { ENGINES, openPostgres, START_MS } from '../testing.ts';
import { MINUTE, openDueWork, Worker } from './testing.ts';

describe.each(ENGINES)('due work on $name', (engine) => {
  it('runs when the clock reaches its time, in the order of the times, with what it was given', async () => {
    await using store = await openDueWork(engine);
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
    await using store = await openDueWork(engine);
    await store.worker.schedule('now', START_MS);
    await store.worker.due.runDue();
    await store.worker.schedule('past', START_MS - MINUTE);
    await store.worker.due.runDue();
    expect(store.worker.ran).toEqual(['now', 'past']);
  });

  it('runs what it scheduled itself before an advance of the clock ends', async () => {
    await using store = await openDueWork(engine);
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
    await using store = await openDueWork(engine);
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
    await using store = await openDueWork(engine);
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
    await using store = await openDueWork(engine);
    const { worker, clock } = store;
    worker.does.set('again', () => (worker.ran.length === 1 ? worker.schedule('again', clock.now() + MINUTE) : Promise.resolve()));
    await worker.schedule('again', START_MS + MINUTE);
    await clock.advanceTo(START_MS + MINUTE);
    expect(worker.ran).toEqual(['again']);
    await clock.advanceTo(START_MS + 9 * MINUTE);
    expect(worker.ran).toEqual(['again', 'again']);
  });

  it('does not run when it was cancelled', async () => {
    await using store = await openDueWork(engine);
    const { worker, clock } = store;
    await worker.schedule('cancelled', START_MS + MINUTE);
    await worker.cancel('cancelled');
    await worker.cancel('never scheduled');
    await clock.advanceTo(START_MS + 9 * MINUTE);
    expect(worker.ran).toEqual([]);
  });

  it('is tried again after 10, 20, 40 seconds when its handler fails, and others are not held up', async () => {
    await using store = await openDueWork(engine);
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
    await using store = await openDueWork(engine);
    const { worker, clock } = store;
    worker.does.set('hopeless', () => Promise.reject(new Error('never')));
    await worker.schedule('hopeless', START_MS);
    await worker.due.runDue();
    await clock.advanceTo(START_MS + 24 * 60 * MINUTE);
    expect(worker.ran.length).toBeGreaterThan(24);
    expect(worker.ran.length).toBeLessThan(24 + 12);
  });

  it('of a kind that nothing handles is kept and reported', async () => {
    await using store = await openDueWork(engine);
    const { worker, clock, database } = store;
    await database.engine.write((tx) => worker.due.schedule(tx, { kind: 'of a newer version', id: 'x', dueAtMs: START_MS, payload: 1 }));
    await worker.due.runDue();
    expect(worker.lines.join('')).toContain('nothing handles work of kind of a newer version');
    worker.due.handle('of a newer version', ({ id }) => Promise.resolve(void worker.ran.push(id)));
    await clock.advanceTo(START_MS + MINUTE);
    expect(worker.ran).toEqual(['x']);
  });

  it('begins nothing before it is started, and then what fell due before, without being waited for', async () => {
    await using store = await openDueWork(engine);
    const { database, clock, worker } = store;
    await worker.due.close();
    const next = new Worker(database.engine, clock);
    await next.schedule('early', START_MS - MINUTE);
    await next.due.runDue();
    expect(next.ran).toEqual([]);
    next.due.start({ isAlone: false });
    expect(next.ran).toEqual([]);
    await next.due.runDue();
    expect(next.ran).toEqual(['early']);
    await next.due.close();
  });

  it('that fails because everything stops keeps its time, and what is pending is left alone until it goes on', async () => {
    await using store = await openDueWork(engine);
    const { worker } = store;
    const [begun, stopped] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    worker.does.set('interrupted', ({ attempt }) => {
      begun.resolve();
      return attempt === 1 ? stopped.promise : Promise.resolve();
    });
    await worker.schedule('interrupted', START_MS);
    await begun.promise;
    const suspended = worker.due.suspend();
    await worker.schedule('pending', START_MS);
    stopped.reject(new Error('refused'));
    await suspended;
    expect(worker.ran).toEqual(['interrupted']);
    await worker.due.resume();
    await worker.due.runDue();
    expect(worker.ran).toEqual(['interrupted', 'interrupted (2)', 'pending']);
    expect(worker.lines).toEqual([]);
  });

  it('is left alone by a closed process', async () => {
    await using store = await openDueWork(engine);
    await store.worker.schedule('late', START_MS + MINUTE);
    await store.worker.due.close();
    await store.worker.schedule('later', START_MS + 2 * MINUTE);
    await store.clock.advanceTo(START_MS + 9 * MINUTE);
    expect(store.worker.ran).toEqual([]);
  });
});

describe('due work', () => {
  it('goes on after the store was unavailable', async () => {
    await using store = await openDueWork({ open: openPostgres });
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
