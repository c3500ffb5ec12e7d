import { describe, expect, it } from 'vitest';
import type { Transaction } from '../engine.ts';
import { UnavailableError } from '../errors.ts';
import { addNote, notesOf } from '../notes/testing.ts';
import { afterHooks } from '../testing.ts';
import { SqliteConnection } from './connection.ts';
import { type Durability, GroupCommit } from './group-commit.ts';

/** A disk whose syncs end when the test says so. */
class HeldDisk implements Durability {
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  #called = Promise.withResolvers<void>();
  syncs = 0;

  sync(): Promise<void> {
    const waiting = Promise.withResolvers<void>();
    this.#waiting.push(waiting);
    this.syncs += 1;
    this.#called.resolve();
    return waiting.promise;
  }

  /** Resolves when a sync is under way. */
  async syncing(): Promise<void> {
    while (this.#waiting.length === 0) {
      this.#called = Promise.withResolvers();
      await this.#called.promise;
    }
  }

  async finish(error?: Error): Promise<void> {
    await this.syncing();
    const waiting = this.#waiting.shift();
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(error);
  }
}

function setUp(options: { readonly betweenBatches?: () => Promise<void> | undefined; readonly monotonicMs?: () => number } = {}) {
  const connection = new SqliteConnection(':memory:');
  connection.database.exec('create table notes (id integer primary key, text text not null)');
  const disk = new HeldDisk();
  const syncFailures: unknown[] = [];
  const hookFailures: unknown[] = [];
  const commits = new GroupCommit({
    connection,
    durability: disk,
    onSyncFailure: (error) => syncFailures.push(error),
    onHookFailure: (error) => hookFailures.push(error),
    monotonicMs: options.monotonicMs ?? (() => 0),
    betweenBatches: options.betweenBatches ?? (() => undefined),
  });
  const add = (id: number, hook?: () => void) =>
    commits.write((tx) => {
      if (hook !== undefined) tx.afterCommit(hook);
      return tx.run(addNote, { id, text: '' });
    });
  return { connection, disk, commits, syncFailures, hookFailures, add };
}

/** Whether a promise has been settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await afterHooks();
  return (await Promise.race([promise.catch(() => undefined), Promise.resolve(pending)])) !== pending;
}

describe('group commit', () => {
  it('shares one commit and one sync among all units that came meanwhile', async () => {
    const { disk, add } = setUp();
    const first = Promise.all([add(1), add(2), add(3)]);
    await disk.syncing();
    const second = Promise.all([add(4), add(5)]);
    await disk.finish();
    await first;
    await disk.finish();
    await second;
    expect(disk.syncs).toBe(2);
  });

  it('never has two syncs under way, and bounds a batch', async () => {
    const { disk, add } = setUp();
    const all = Promise.all(Array.from({ length: 600 }, (_, id) => add(id)));
    for (let batch = 1; batch <= 3; batch++) {
      await disk.syncing();
      expect(disk.syncs).toBe(batch);
      await disk.finish();
    }
    await all;
    expect(disk.syncs).toBe(3);
  });

  it('ends a batch when it has taken long, and goes on with the rest in its order', async () => {
    let nowMs = 0;
    const { disk, commits, add } = setUp({ monotonicMs: () => nowMs });
    const ran: string[] = [];
    const slow = (name: string) =>
      commits.write(() => {
        ran.push(name);
        nowMs += 5;
      });
    const all = Promise.all([...['a', 'b', 'c'].map(slow), add(1, () => ran.push('last'))]);
    await disk.syncing();
    expect(ran).toEqual(['a', 'b']);
    const later = slow('later');
    await disk.finish();
    await disk.syncing();
    expect(ran).toEqual(['a', 'b', 'c', 'later']);
    await disk.finish();
    await Promise.all([all, later]);
    await afterHooks();
    expect(disk.syncs).toBe(2);
    expect(ran).toEqual(['a', 'b', 'c', 'later', 'last']);
  });

  it('answers nobody and runs no hook before the sync is over', async () => {
    const { disk, add } = setUp();
    const ran: string[] = [];
    const unit = add(1, () => ran.push('hook'));
    await disk.syncing();
    expect(await isSettled(unit)).toBe(false);
    expect(ran).toEqual([]);
    await disk.finish();
    await unit;
    await afterHooks();
    expect(ran).toEqual(['hook']);
  });

  it('runs hooks in the order of the units, and the others when one throws', async () => {
    const { disk, add, hookFailures } = setUp();
    const ran: number[] = [];
    const fault = new Error('of a hook');
    const units = [1, 2, 3].map((id) =>
      add(id, () => {
        ran.push(id);
        if (id === 2) throw fault;
      }),
    );
    await disk.finish();
    await Promise.all(units);
    await afterHooks();
    expect(ran).toEqual([1, 2, 3]);
    expect(hookFailures).toEqual([fault]);
  });

  it('refuses everything, reports once and acknowledges nothing more when a sync fails', async () => {
    const { disk, commits, add, syncFailures } = setUp();
    const ran: string[] = [];
    const synced = add(1, () => ran.push('hook'));
    await disk.syncing();
    const gathered = add(2);
    const fault = new Error('I/O');
    await disk.finish(fault);
    await expect(synced).rejects.toMatchObject({ name: 'UnavailableError', reason: 'connection-lost', cause: fault });
    await expect(gathered).rejects.toBeInstanceOf(UnavailableError);
    await expect(add(3)).rejects.toBeInstanceOf(UnavailableError);
    await commits.close();
    await afterHooks();
    expect(disk.syncs).toBe(1);
    expect(ran).toEqual([]);
    expect(syncFailures).toEqual([fault]);
  });

  it('closes after what it was handed, and refuses later work', async () => {
    const { disk, commits, add } = setUp();
    const before = add(1);
    const closed = commits.close();
    await expect(add(2)).rejects.toMatchObject({ reason: 'closed' });
    expect(await isSettled(closed)).toBe(false);
    await disk.finish();
    await before;
    await closed;
    await commits.close();
  });

  it('undoes a failing unit alone, and keeps the rest of its batch', async () => {
    const { connection, disk, commits, add } = setUp();
    const results = Promise.allSettled([
      add(1),
      commits.write(async (tx: Transaction) => {
        await tx.run(addNote, { id: 2, text: '' });
        throw new Error('of the unit');
      }),
      add(3),
    ]);
    await disk.finish();
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await notesOf(connection)).toEqual([1, 3]);
    expect(disk.syncs).toBe(1);
  });

  it('refuses the whole batch as retryable when the disk is full, and goes on when there is space again', async () => {
    const { connection, disk, commits, add } = setUp();
    const { database } = connection;
    const pages = (database.prepare('pragma page_count').get() as { page_count: number }).page_count;
    database.exec(`pragma max_page_count = ${pages}`);
    const large = commits.write((tx) => tx.run(addNote, { id: 2, text: 'x'.repeat(100_000) }));
    const refused = { name: 'UnavailableError', reason: 'disk-full' };
    const others = [add(1), add(3)].map((unit) => expect(unit).rejects.toMatchObject(refused));
    await expect(large).rejects.toMatchObject(refused);
    await Promise.all(others);
    expect(disk.syncs).toBe(0);
    expect(await notesOf(connection)).toEqual([]);
    database.exec('pragma max_page_count = 1000000');
    const again = add(1);
    await disk.finish();
    await again;
  });

  it('holds the next batch while something else needs the log', async () => {
    const hold = Promise.withResolvers<void>();
    let batches = 0;
    const { disk, add } = setUp({ betweenBatches: () => (batches++ === 0 ? hold.promise : undefined) });
    const first = add(1);
    await disk.finish();
    await first;
    const second = add(2);
    expect(await isSettled(second)).toBe(false);
    expect(disk.syncs).toBe(1);
    hold.resolve();
    await disk.finish();
    await second;
  });
});
