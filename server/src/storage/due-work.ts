import type { Alarm, Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import type { SqlEngine, Transaction } from './engine.ts';
import type { Migration } from './migrations.ts';
import { pick, statement } from './statement.ts';

interface DueTables {
  due_work: { id: string; kind: string; due_at: number; payload: string; leased_until: number; attempts: number };
}

export const dueWorkMigrations: readonly Migration[] = [
  {
    name: 'storage/0002-due-work',
    up: async (db, types) => {
      await db.schema
        .createTable('due_work')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('due_at', types.integer, (c) => c.notNull())
        .addColumn('payload', 'text', (c) => c.notNull())
        .addColumn('leased_until', types.integer, (c) => c.notNull())
        .addColumn('attempts', types.integer, (c) => c.notNull())
        .execute();
      await db.schema.createIndex('due_work_by_time').on('due_work').columns(['due_at', 'id']).execute();
    },
  },
];

const sql = statement<DueTables>();
const insert = sql((db, p: DueTables['due_work']) =>
  db
    .insertInto('due_work')
    .values(pick(p, 'id', 'kind', 'due_at', 'payload', 'leased_until', 'attempts'))
    .onConflict((c) =>
      c.column('id').doUpdateSet({ due_at: p.due_at, payload: p.payload, leased_until: p.leased_until, attempts: p.attempts }),
    ),
);
const remove = sql((db, p: { id: string }) => db.deleteFrom('due_work').where('id', '=', p.id));
// Work that was moved while its handler ran is not leased any more: it must stay, and at its new time.
const complete = sql((db, p: { id: string; held_until: number }) =>
  db.deleteFrom('due_work').where('id', '=', p.id).where('leased_until', '=', p.held_until),
);
const firstDue = sql((db, _: Record<never, never>) =>
  db.selectFrom('due_work').select((eb) => eb.fn.min<number | null>('due_at').as('due_at')),
);
const candidates = sql((db, p: { now: number; real_now: number; limit: number }) =>
  db
    .selectFrom('due_work')
    .selectAll()
    .where('due_at', '<=', p.now)
    .where('leased_until', '<=', p.real_now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(p.limit),
);
const lease = sql((db, p: { id: string; real_now: number; leased_until: number; attempts: number }) =>
  db
    .updateTable('due_work')
    .set({ leased_until: p.leased_until, attempts: p.attempts })
    .where('id', '=', p.id)
    .where('leased_until', '<=', p.real_now),
);
const dropLeases = sql((db, p: { leased_until: number }) =>
  db.updateTable('due_work').set({ leased_until: p.leased_until }).where('leased_until', '>', p.leased_until),
);
const postpone = sql((db, p: { id: string; due_at: number; leased_until: number; held_until: number }) =>
  db
    .updateTable('due_work')
    .set({ due_at: p.due_at, leased_until: p.leased_until })
    .where('id', '=', p.id)
    .where('leased_until', '=', p.held_until),
);

/** One piece of work that was due. */
export interface Due {
  readonly id: string;
  readonly payload: unknown;
  /** 1 for the first try. */
  readonly attempt: number;
}

export interface DueWorkOptions {
  readonly engine: SqlEngine;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Real milliseconds since the epoch: leases are an agreement between processes, which no virtual clock moves. */
  readonly realNow: () => number;
}

const LEASE_MS = 60_000;
const BATCH = 50;
const RETRY_BASE_MS = 5_000;
const RETRY_MAX_MS = 3_600_000;

/**
 * Durable work for later: scheduled in the transaction that made it necessary, run at least once when the clock reaches
 * its time, by whichever process leases it first. Handlers must therefore be safe to repeat.
 */
export class DueWork {
  readonly #options: DueWorkOptions;
  readonly #handlers = new Map<string, (due: Due) => Promise<void>>();
  #alarm: { readonly atMs: number; readonly alarm: Alarm } | undefined;
  #running: Promise<void> | undefined;
  #closed = false;
  #suspended = false;

  constructor(options: DueWorkOptions) {
    this.#options = options;
  }

  /** Registers what runs work of one kind. Kinds are stored: never rename one. */
  handle(kind: string, handler: (due: Due) => Promise<void>): void {
    this.#handlers.set(kind, handler);
  }

  /** Schedules work inside `tx`. Giving the `id` of work that is still waiting moves that work instead. */
  async schedule(
    tx: Transaction,
    work: { readonly kind: string; readonly dueAtMs: number; readonly payload: unknown; readonly id?: string },
  ): Promise<void> {
    const id = work.id ?? this.#options.ids.uuid('work');
    await tx.run(insert, {
      id,
      kind: work.kind,
      due_at: work.dueAtMs,
      payload: JSON.stringify(work.payload),
      leased_until: 0,
      attempts: 0,
    });
    tx.afterCommit(() => {
      if (work.dueAtMs <= this.#options.clock.now()) void this.#onAlarm();
      else this.#arm(work.dueAtMs);
    });
  }

  /** Forgets work that has not run yet; unknown ids are ignored. */
  async cancel(tx: Transaction, id: string): Promise<void> {
    await tx.run(remove, { id });
  }

  /**
   * Begins to watch the clock. Work that fell due while no process ran is run now.
   *
   * @param isAlone no other process works on the database: leases that are found belong to one that died
   */
  async start({ isAlone }: { readonly isAlone: boolean }): Promise<void> {
    if (isAlone) await this.#options.engine.write((tx) => tx.run(dropLeases, { leased_until: 0 }));
    await this.runDue();
  }

  /** Runs everything due by the clock's present time; resolves when it has run. */
  async runDue(): Promise<void> {
    const before = this.#running;
    const run = (async () => {
      // Its own caller hears of a failure.
      await before?.catch(() => undefined);
      await this.#drain();
    })();
    this.#running = run;
    await run;
  }

  /** Begins nothing more; resolves when nothing runs. Until {@link resume}. */
  async suspend(): Promise<void> {
    this.#suspended = true;
    this.#alarm?.alarm.cancel();
    this.#alarm = undefined;
    await this.#running?.catch(() => undefined);
  }

  /** Goes on with whatever is stored now: other work than before, perhaps, and none that a process of this database runs. */
  async resume(): Promise<void> {
    this.#suspended = false;
    try {
      await this.#options.engine.write((tx) => tx.run(dropLeases, { leased_until: 0 }));
    } finally {
      void this.#onAlarm();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#alarm?.alarm.cancel();
    await this.#running?.catch(() => undefined);
  }

  #goesOn(): boolean {
    return !this.#closed && !this.#suspended;
  }

  async #drain(): Promise<void> {
    const { engine, clock, realNow } = this.#options;
    while (this.#goesOn()) {
      const now = clock.now();
      const due = await engine.all(candidates, { now, real_now: realNow(), limit: BATCH });
      if (due.length === 0) break;
      for (const row of due) if (this.#goesOn()) await this.#runOne(row);
    }
    if (this.#goesOn()) await this.#rearm();
  }

  async #runOne({ id, kind, payload, attempts }: DueTables['due_work']): Promise<void> {
    const { engine, clock, log, realNow } = this.#options;
    const now = realNow();
    const attempt = attempts + 1;
    const held_until = now + LEASE_MS;
    const taken = await engine.write((tx) => tx.run(lease, { id, real_now: now, leased_until: held_until, attempts: attempt }));
    if (taken === 0) return;
    try {
      const handler = this.#handlers.get(kind);
      if (handler === undefined) throw new Error(`nothing handles work of kind ${kind}`);
      await handler({ id, payload: JSON.parse(payload) as unknown, attempt });
      await engine.write((tx) => tx.run(complete, { id, held_until }));
    } catch (error) {
      if (!this.#suspended) log.warn({ err: error, kind, attempt }, 'due work failed and will be tried again');
      const delayMs = Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** Math.min(attempt, 20));
      await engine.write((tx) => tx.run(postpone, { id, due_at: clock.now() + delayMs, leased_until: 0, held_until }));
    }
  }

  async #rearm(): Promise<void> {
    this.#alarm?.alarm.cancel();
    this.#alarm = undefined;
    const firstMs = (await this.#options.engine.get(firstDue, {}))?.due_at ?? undefined;
    if (firstMs === undefined) return;
    // What is due but was not run is leased by a process that died; looking again after a lease span is soon enough.
    const now = this.#options.clock.now();
    this.#arm(firstMs <= now ? now + LEASE_MS : firstMs);
  }

  #arm(dueAtMs: number): void {
    if (!this.#goesOn() || (this.#alarm !== undefined && this.#alarm.atMs <= dueAtMs)) return;
    this.#alarm?.alarm.cancel();
    this.#alarm = { atMs: dueAtMs, alarm: this.#options.clock.alarm(dueAtMs, () => this.#onAlarm()) };
  }

  async #onAlarm(): Promise<void> {
    if (!this.#goesOn()) return;
    this.#alarm?.alarm.cancel();
    this.#alarm = undefined;
    try {
      await this.runDue();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'due work could not be read');
      this.#arm(this.#options.clock.now() + RETRY_BASE_MS);
    }
  }
}
