import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../lib/clock.ts';
import { afterHooks, ENGINES, LASTING_ENGINES, START_MS } from '../testing.ts';
import { MINUTE, openDueWork, Worker } from './testing.ts';

describe.each(ENGINES)('due work in quantity on $name', (engine) => {
  it('shares transactions, runs 32 at once, and begins in the order of the times', async () => {
    await using store = await openDueWork(engine);
    const { worker, clock, database } = store;
    const ids = Array.from({ length: 320 }, (_, i) => String(i).padStart(3, '0'));
    let [running, most] = [0, 0];
    for (const id of ids) {
      worker.does.set(id, async () => {
        most = Math.max(most, (running += 1));
        await afterHooks();
        running -= 1;
      });
    }
    await database.engine.write(async (tx) => {
      for (const [i, id] of ids.toReversed().entries())
        await worker.due.schedule(tx, { kind: 'test', id, dueAtMs: START_MS + 320 - i, payload: i });
    });
    await afterHooks();
    await clock.set(START_MS + MINUTE);
    const write = vi.spyOn(database.engine, 'write');
    await worker.due.runDue();
    expect(worker.ran).toEqual(ids);
    expect(most).toBe(32);
    expect(write.mock.calls.length).toBeLessThan(320 / 4);
  });

  it('is not held up by one piece that takes long', async () => {
    await using store = await openDueWork(engine);
    const { worker } = store;
    const slow = Promise.withResolvers<void>();
    worker.does.set('slow', () => slow.promise);
    await worker.schedule('slow', START_MS - MINUTE);
    const others = Array.from({ length: 100 }, (_, i) => `other ${i}`);
    for (const id of others) await worker.schedule(id, START_MS);
    await expect.poll(() => worker.ran.length).toBe(101);
    await worker.schedule('late', START_MS);
    await expect.poll(() => worker.ran).toContain('late');
    slow.resolve();
    await worker.due.runDue();
    expect(worker.ran).toHaveLength(102);
  });

  it('that is moved to now while it runs is run again after that, never beside itself', async () => {
    await using store = await openDueWork(engine);
    const { worker } = store;
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    worker.does.set('moved', () => {
      begun.resolve();
      return goOn.promise;
    });
    await worker.schedule('moved', START_MS);
    await begun.promise;
    await worker.schedule('moved', START_MS);
    await worker.schedule('other', START_MS);
    await expect.poll(() => worker.ran).toContain('other');
    expect(worker.ran).toEqual(['moved', 'other']);
    goOn.resolve();
    await worker.due.runDue();
    expect(worker.ran).toEqual(['moved', 'other', 'moved']);
  });

  it('runs more than one batch, each once', async () => {
    await using store = await openDueWork(engine);
    const { worker, clock, database } = store;
    await database.engine.write(async (tx) => {
      for (let i = 0; i < 120; i++) await worker.due.schedule(tx, { kind: 'test', dueAtMs: START_MS + 1 + i, payload: i });
    });
    await afterHooks();
    await clock.advanceTo(START_MS + MINUTE);
    expect(new Set(worker.ran).size).toBe(120);
    expect(worker.ran).toHaveLength(120);
  });
});

describe.each(LASTING_ENGINES)('due work of several processes on $name', (engine) => {
  it('that fell due while no process ran is run by the next one', async () => {
    await using store = await openDueWork(engine);
    await store.worker.schedule('asleep', START_MS + MINUTE);
    await store.worker.due.close();
    await store.database.engine.close();
    const next = new Worker(store.database.openAnother(), new VirtualClock(START_MS + 60 * MINUTE));
    next.due.start({ isAlone: false });
    await next.due.runDue();
    expect(next.ran).toEqual(['asleep']);
    await next.due.close();
  });

  it('of a process that died is run at once by one that is alone on the database', async () => {
    await using store = await openDueWork(engine);
    const never = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    store.worker.does.set('interrupted', () => {
      begun.resolve();
      return never.promise;
    });
    await store.worker.schedule('interrupted', START_MS);
    await begun.promise;
    const heir = new Worker(store.database.openAnother(), store.clock, 'heir');
    heir.due.start({ isAlone: true });
    await heir.due.runDue();
    expect(heir.ran).toEqual(['interrupted (2)']);
    await heir.due.close();
    never.resolve();
  });

  it('is run by one of two processes', async () => {
    await using store = await openDueWork(engine);
    const other = new Worker(store.database.openAnother(), store.clock, 'other');
    other.due.start({ isAlone: false });
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
    await using store = await openDueWork(engine);
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
    heir.due.start({ isAlone: false });
    await heir.due.runDue();
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
