import { VirtualClock } from '../../lib/clock.ts';
import { RandomIds } from '../../lib/ids.ts';
import { recordingLog, RepeatableRandom } from '../../lib/testing.ts';
import type { SqlEngine } from '../engine.ts';
import { afterHooks, START_MS, type TestDatabase } from '../testing.ts';
import type { Due } from './drain.ts';
import { DueWork } from './due-work.ts';
import { dueWorkMigrations } from './due-work-store.ts';

export const MINUTE = 60_000;

/** A process that runs due work: its own handlers, and its own idea of real time, which leases go by. */
export class Worker {
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

/** A database with due work, a clock, and a process that works on it. */
export async function openDueWork<D extends TestDatabase>({ open }: { readonly open: () => Promise<D> }) {
  const database = await open();
  await database.engine.migrate(dueWorkMigrations);
  const clock = new VirtualClock(START_MS);
  const worker = new Worker(database.engine, clock);
  worker.due.start({ isAlone: false });
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
