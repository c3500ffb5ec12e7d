import { type KeyRing, type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { DeadLetter } from '../dead-letters/dead-letter.ts';
import type { Outcome } from '../delivery/attempt.ts';
import type { Event } from '../event.ts';
import type { EventTables } from '../migrations.ts';
import { WaitingRows } from './waiting-rows.ts';

const sql = statement<EventTables>();
type Row = EventTables['event_dead_letters'];

const insert = sql((db, p: Row) =>
  db
    .insertInto('event_dead_letters')
    .values(
      pick(
        p,
        'id',
        'subscription_id',
        'due_at',
        'drop_at',
        'reason',
        'attempts',
        'published_at',
        'last_attempt_at',
        'last_outcome',
        'event',
      ),
    )
    // Written again, where nobody knew whether it was.
    .onConflict((c) => c.column('id').doNothing()),
);
const due = sql((db, p: { subscription_id: string; now: number; limit: number }) =>
  db
    .selectFrom('event_dead_letters')
    .selectAll()
    .where('subscription_id', '=', p.subscription_id)
    .where('due_at', '<=', p.now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(p.limit),
);
const firstDue = sql((db, p: { subscription_id: string }) =>
  db
    .selectFrom('event_dead_letters')
    .select((eb) => eb.fn.min<number | null>('due_at').as('due_at'))
    .where('subscription_id', '=', p.subscription_id),
);
const postpone = sql((db, p: { id: string; due_at: number }) =>
  db.updateTable('event_dead_letters').set({ due_at: p.due_at }).where('id', '=', p.id),
);
const remove = sql((db, p: { id: string }) => db.deleteFrom('event_dead_letters').where('id', '=', p.id));
/** A dead letter that waits to be kept. */
export interface WaitingLetter extends DeadLetter {
  /** From then on it is dropped. */
  readonly dropAtMs: number;
}

/** Events that were given up and wait to be kept where their subscription says. */
export class DeadLetterStore {
  readonly waiting = new WaitingRows('event_dead_letters');
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  async insert(
    tx: Transaction,
    { subscriptionId, letter, dueAtMs }: { readonly subscriptionId: string; readonly letter: WaitingLetter; readonly dueAtMs: number },
  ): Promise<void> {
    const { id, event, reason, attempts, publishedAtMs, last, dropAtMs } = letter;
    await tx.run(insert, {
      id,
      subscription_id: subscriptionId,
      due_at: dueAtMs,
      drop_at: dropAtMs,
      reason,
      attempts,
      published_at: publishedAtMs,
      last_attempt_at: last?.atMs ?? null,
      last_outcome: last?.outcome ?? null,
      event: this.#keys.seal(JSON.stringify(event), `event dead letter ${id}`),
    });
  }

  /** What is due, oldest first. @param limit events have up to a megabyte */
  async due(
    read: Reader,
    subscriptionId: string,
    { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
  ): Promise<WaitingLetter[]> {
    const rows = await read.all(due, { subscription_id: subscriptionId, now: nowMs, limit });
    return rows.map((row) => this.#open(row));
  }

  async firstDueMs(read: Reader, subscriptionId: string): Promise<number | undefined> {
    return (await read.get(firstDue, { subscription_id: subscriptionId }))?.due_at ?? undefined;
  }

  async postpone(tx: Transaction, id: string, dueAtMs: number): Promise<void> {
    await tx.run(postpone, { id, due_at: dueAtMs });
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    await tx.run(remove, { id });
  }

  #open(row: Row): WaitingLetter {
    const { id, reason, attempts, published_at: publishedAtMs, drop_at: dropAtMs, last_attempt_at, last_outcome } = row;
    return {
      id,
      reason,
      attempts,
      publishedAtMs,
      dropAtMs,
      // Written by `insert`, like the event.
      last: last_attempt_at === null || last_outcome === null ? undefined : { atMs: last_attempt_at, outcome: last_outcome as Outcome },
      event: JSON.parse(this.#keys.unseal(row.event, `event dead letter ${id}`).toString('utf8')) as Event,
    };
  }
}
