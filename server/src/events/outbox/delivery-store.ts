import { type KeyRing, type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { Delivery } from '../delivery/attempt.ts';
import type { Event } from '../event.ts';
import type { EventTables } from '../migrations.ts';

const sql = statement<EventTables>();
type Row = EventTables['event_deliveries'];

const insert = sql((db, p: Row) =>
  db.insertInto('event_deliveries').values(pick(p, 'id', 'subscription_id', 'due_at', 'attempts', 'published_at', 'event')),
);
const due = sql((db, p: { subscription_id: string; now: number; limit: number }) =>
  db
    .selectFrom('event_deliveries')
    .selectAll()
    .where('subscription_id', '=', p.subscription_id)
    .where('due_at', '<=', p.now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(p.limit),
);
const firstDue = sql((db, p: { subscription_id: string; after: number }) =>
  db
    .selectFrom('event_deliveries')
    .select('due_at')
    .where('subscription_id', '=', p.subscription_id)
    .where('due_at', '>', p.after)
    .orderBy('due_at')
    .limit(1),
);
const count = sql((db, p: { subscription_id: string }) =>
  db
    .selectFrom('event_deliveries')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('subscription_id', '=', p.subscription_id),
);
const remove = sql((db, p: { id: string }) => db.deleteFrom('event_deliveries').where('id', '=', p.id));
const postpone = sql((db, p: { id: string; due_at: number; attempts: number }) =>
  db.updateTable('event_deliveries').set({ due_at: p.due_at, attempts: p.attempts }).where('id', '=', p.id),
);
const removeSome = sql((db, p: { subscription_id: string; limit: number }) =>
  db
    .deleteFrom('event_deliveries')
    .where('id', 'in', db.selectFrom('event_deliveries').select('id').where('subscription_id', '=', p.subscription_id).limit(p.limit)),
);

/** Read at once: so few that the event loop is never held for long. */
const ROWS_AT_ONCE = 200;

/** Events that wait for delivery: one row for each event and subscription, until it is delivered or given up. */
export class DeliveryStore {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  /** Queues an event, due at once. */
  async insert(tx: Transaction, subscriptionId: string, { id, event, attempts, publishedAtMs }: Delivery): Promise<void> {
    await tx.run(insert, {
      id,
      subscription_id: subscriptionId,
      due_at: publishedAtMs,
      attempts,
      published_at: publishedAtMs,
      event: this.#keys.seal(JSON.stringify(event), `event delivery ${id}`),
    });
  }

  /** What is due, oldest first, without those held. @param held ids that are on their way already */
  async due(
    read: Reader,
    subscriptionId: string,
    { nowMs, held }: { readonly nowMs: number; readonly held: ReadonlySet<string> },
  ): Promise<Delivery[]> {
    const rows = await read.all(due, { subscription_id: subscriptionId, now: nowMs, limit: ROWS_AT_ONCE + held.size });
    return rows
      .filter(({ id }) => !held.has(id))
      .slice(0, ROWS_AT_ONCE)
      .map((row) => this.#open(row));
  }

  /** When the next one is due after `afterMs`; undefined when none waits. */
  async nextDueMs(read: Reader, subscriptionId: string, afterMs: number): Promise<number | undefined> {
    return (await read.get(firstDue, { subscription_id: subscriptionId, after: afterMs }))?.due_at;
  }

  async count(read: Reader, subscriptionId: string): Promise<number> {
    return Number((await read.get(count, { subscription_id: subscriptionId }))?.count ?? 0);
  }

  async remove(tx: Transaction, ids: Iterable<string>): Promise<void> {
    for (const id of ids) await tx.run(remove, { id });
  }

  async postpone(
    tx: Transaction,
    { id, dueAtMs, attempts }: { readonly id: string; readonly dueAtMs: number; readonly attempts: number },
  ): Promise<void> {
    await tx.run(postpone, { id, due_at: dueAtMs, attempts });
  }

  /** Removes some of a subscription's. @returns whether none is left */
  async removeSome(tx: Transaction, subscriptionId: string, limit: number): Promise<boolean> {
    return (await tx.run(removeSome, { subscription_id: subscriptionId, limit })) < limit;
  }

  #open(row: Row): Delivery {
    return {
      id: row.id,
      // Written by `insert`.
      event: JSON.parse(this.#keys.unseal(row.event, `event delivery ${row.id}`).toString('utf8')) as Event,
      attempts: row.attempts,
      publishedAtMs: row.published_at,
    };
  }
}
