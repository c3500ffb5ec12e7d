import type { Transaction } from '../engine.ts';
import type { Migration } from '../migrations.ts';
import { pick, statement } from '../statement.ts';

interface DueTables {
  due_work: {
    id: string;
    kind: string;
    due_at: number;
    payload: string;
    /** Real milliseconds since the epoch; 0 when nobody works on it. */
    leased_until: number;
    attempts: number;
  };
}

export type DueRow = DueTables['due_work'];

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

/** Puts a piece of work in place, or moves the one of this id: whoever works on that has lost its lease. */
export const insert = sql((db, p: DueRow) =>
  db
    .insertInto('due_work')
    .values(pick(p, 'id', 'kind', 'due_at', 'payload', 'leased_until', 'attempts'))
    .onConflict((c) =>
      c.column('id').doUpdateSet({ due_at: p.due_at, payload: p.payload, leased_until: p.leased_until, attempts: p.attempts }),
    ),
);
export const remove = sql((db, p: { id: string }) => db.deleteFrom('due_work').where('id', '=', p.id));
export const firstDue = sql((db, _: Record<never, never>) =>
  db.selectFrom('due_work').select((eb) => eb.fn.min<number | null>('due_at').as('due_at')),
);

/** What may be taken: due, and leased by nobody beyond `free_until`. */
type Free = { readonly now: number; readonly free_until: number };

/** The first that may be taken, in the order of their times. What is leased is few, so the index finds them at once. */
export const free = sql((db, p: Free & { limit: number }) =>
  db
    .selectFrom('due_work')
    .select('id')
    .where('due_at', '<=', p.now)
    .where('leased_until', '<=', p.free_until)
    .orderBy('due_at')
    .orderBy('id')
    .limit(p.limit),
);
/** Takes one if it still may be taken, and returns it as it is now: it may have been moved since it was found. */
export const lease = sql((db, p: Free & { id: string; leased_until: number; one: number }) =>
  db
    .updateTable('due_work')
    .set((eb) => ({ leased_until: p.leased_until, attempts: eb('attempts', '+', p.one) }))
    .where('id', '=', p.id)
    .where('due_at', '<=', p.now)
    .where('leased_until', '<=', p.free_until)
    .returningAll(),
);
export const dropLeases = sql((db, p: { leased_until: number }) =>
  db.updateTable('due_work').set({ leased_until: p.leased_until }).where('leased_until', '>', p.leased_until),
);

const complete = sql((db, p: { id: string; held_until: number }) =>
  db.deleteFrom('due_work').where('id', '=', p.id).where('leased_until', '=', p.held_until),
);
const postpone = sql((db, p: { id: string; due_at: number; leased_until: number; held_until: number }) =>
  db
    .updateTable('due_work')
    .set({ due_at: p.due_at, leased_until: p.leased_until })
    .where('id', '=', p.id)
    .where('leased_until', '=', p.held_until),
);

/** How one that was leased ended. */
export interface Settlement {
  readonly id: string;
  /** The lease under which it ran. */
  readonly heldUntil: number;
  /** When it is tried again; undefined when it is done. */
  readonly againAtMs: number | undefined;
}

/** Gives a lease back. Work that was moved while its handler ran is not leased any more: it stays, and at its new time. */
export async function settle(tx: Transaction, { id, heldUntil, againAtMs }: Settlement): Promise<void> {
  if (againAtMs === undefined) await tx.run(complete, { id, held_until: heldUntil });
  else await tx.run(postpone, { id, due_at: againAtMs, leased_until: 0, held_until: heldUntil });
}
