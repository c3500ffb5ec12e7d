import { type KeyRing, type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { Delivery, Outcome } from '../delivery/attempt.ts';
import type { Event } from '../event.ts';
import type { EventTables } from '../migrations.ts';
import { WaitingRows } from './waiting-rows.ts';

const sql = statement<EventTables>();
type Row = EventTables['event_deliveries'];

/** Rows that are due and come after a place in their order. */
type DueRange = Readonly<Record<'subscription_id' | 'after_id', string>> & Readonly<Record<'now' | 'after_due_at' | 'limit', number>>;

const insert = sql((db, p: Omit<Row, 'last_attempt_at' | 'last_outcome'>) =>
  db.insertInto('event_deliveries').values(pick(p, 'id', 'subscription_id', 'due_at', 'attempts', 'published_at', 'event')),
);
const dueSizes = sql((db, p: DueRange) =>
  db
    .selectFrom('event_deliveries')
    .select((eb) => ['id', eb.fn<number>('length', ['event']).as('bytes')])
    .where('subscription_id', '=', p.subscription_id)
    .where('due_at', '<=', p.now)
    .where('due_at', '>=', p.after_due_at)
    .where((eb) => eb.or([eb('due_at', '>', p.after_due_at), eb('id', '>', p.after_id)]))
    .orderBy('due_at')
    .orderBy('id')
    .limit(p.limit),
);
const due = sql((db, p: DueRange) =>
  db
    .selectFrom('event_deliveries')
    .selectAll()
    .where('subscription_id', '=', p.subscription_id)
    .where('due_at', '<=', p.now)
    .where('due_at', '>=', p.after_due_at)
    .where((eb) => eb.or([eb('due_at', '>', p.after_due_at), eb('id', '>', p.after_id)]))
    .orderBy('due_at')
    .orderBy('id')
    .limit(p.limit),
);
const firstDue = sql((db, p: { subscription_id: string; after: number }) =>
  db
    .selectFrom('event_deliveries')
    .select((eb) => eb.fn.min<number | null>('due_at').as('due_at'))
    .where('subscription_id', '=', p.subscription_id)
    .where('due_at', '>', p.after),
);
/** Rows that one statement removes: what ends together costs a third of what single removals do. */
const REMOVED_AT_ONCE = 16;
const places = Array.from({ length: REMOVED_AT_ONCE }, (_, place) => `id${place}`);
const remove = sql((db, p: { id: string }) => db.deleteFrom('event_deliveries').where('id', '=', p.id));
const removeSome = sql((db, p: Readonly<Record<string, string>>) =>
  db.deleteFrom('event_deliveries').where(
    'id',
    'in',
    places.map((place) => p[place] as string),
  ),
);
const postpone = sql((db, p: Pick<Row, 'id' | 'due_at' | 'attempts' | 'last_attempt_at' | 'last_outcome'>) =>
  db
    .updateTable('event_deliveries')
    .set({ due_at: p.due_at, attempts: p.attempts, last_attempt_at: p.last_attempt_at, last_outcome: p.last_outcome })
    .where('id', '=', p.id),
);
/** How much is read at once. */
export interface Portion {
  readonly rows: number;
  /** At least one event is read, however large it is. */
  readonly bytes: number;
}

/** A place in the order of what is due. */
export interface DuePlace {
  readonly dueAtMs: number;
  readonly id: string;
}

interface DueQuestion {
  readonly nowMs: number;
  /** Ids that are on their way already. */
  readonly held: ReadonlySet<string>;
  readonly portion: Portion;
  /** Only what comes after this; everything by default. */
  readonly after: DuePlace | undefined;
}

interface DueAnswer {
  readonly found: readonly Delivery[];
  readonly damaged: readonly string[];
  readonly last: DuePlace | undefined;
}

/** What became of a failed attempt. */
export interface Postponement {
  readonly id: string;
  readonly dueAtMs: number;
  readonly attempts: number;
  readonly lastAttemptAtMs: number;
  readonly lastOutcome: Outcome;
}

/** Events that wait for delivery: one row for each event and subscription, until it is delivered or given up. */
export class DeliveryStore {
  readonly waiting = new WaitingRows('event_deliveries');
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  /** Queues an event, due at once. @param text the event as JSON */
  async insert(
    tx: Transaction,
    { subscriptionId, delivery, text }: { readonly subscriptionId: string; readonly delivery: Delivery; readonly text: string },
  ): Promise<void> {
    const { id, attempts, publishedAtMs } = delivery;
    await tx.run(insert, {
      id,
      subscription_id: subscriptionId,
      due_at: publishedAtMs,
      attempts,
      published_at: publishedAtMs,
      event: this.#keys.seal(text, `event delivery ${id}`),
    });
  }

  /**
   * What is due, oldest first, without those held: a portion of it. Rows that cannot be read are left out, and named.
   *
   * @returns `last` is the place of the last row that was read; undefined when there was none
   */
  async due(read: Reader, subscriptionId: string, { nowMs, held, portion, after }: DueQuestion): Promise<DueAnswer> {
    const place = { after_due_at: after?.dueAtMs ?? -1, after_id: after?.id ?? '' };
    const wanted = { subscription_id: subscriptionId, now: nowMs, ...place };
    // Behind a place that was read up to hardly anything is held.
    const sizes = await read.all(dueSizes, { ...wanted, limit: portion.rows + (after === undefined ? held.size : 0) });
    const limit = endOfPortion(sizes, held, portion);
    const rows = limit === 0 ? [] : await read.all(due, { ...wanted, limit });
    const damaged: string[] = [];
    const found = rows.filter(({ id }) => !held.has(id)).flatMap((row) => this.#open(row, damaged));
    const last = rows.at(-1);
    return { found, damaged, last: last && { dueAtMs: last.due_at, id: last.id } };
  }

  /** When the next one is due after `afterMs`; undefined when none waits. */
  async nextDueMs(read: Reader, subscriptionId: string, afterMs: number): Promise<number | undefined> {
    return (await read.get(firstDue, { subscription_id: subscriptionId, after: afterMs }))?.due_at ?? undefined;
  }

  async remove(tx: Transaction, ids: readonly string[]): Promise<void> {
    let at = 0;
    for (; at + REMOVED_AT_ONCE <= ids.length; at += REMOVED_AT_ONCE)
      await tx.run(removeSome, Object.fromEntries(places.map((place, n) => [place, ids[at + n] as string])));
    for (const id of ids.slice(at)) await tx.run(remove, { id });
  }

  async postpone(tx: Transaction, { id, dueAtMs, attempts, lastAttemptAtMs, lastOutcome }: Postponement): Promise<void> {
    await tx.run(postpone, { id, due_at: dueAtMs, attempts, last_attempt_at: lastAttemptAtMs, last_outcome: lastOutcome });
  }

  #open(row: Row, damaged: string[]): Delivery[] {
    try {
      const text = this.#keys.unseal(row.event, `event delivery ${row.id}`).toString('utf8');
      const { id, attempts, published_at: publishedAtMs, last_attempt_at, last_outcome } = row;
      const last =
        last_attempt_at === null || last_outcome === null ? undefined : { atMs: last_attempt_at, outcome: last_outcome as Outcome };
      // Written by `insert` and `postpone`.
      return [{ id, event: JSON.parse(text) as Event, bytes: text.length, attempts, publishedAtMs, last }];
    } catch {
      damaged.push(row.id);
      return [];
    }
  }
}

/** How many of these rows hold the portion, rows held included. */
function endOfPortion(sizes: readonly { id: string; bytes: number }[], held: ReadonlySet<string>, portion: Portion): number {
  let rows = 0;
  let bytes = 0;
  let end = 0;
  for (const [at, size] of sizes.entries()) {
    if (held.has(size.id)) continue;
    if (rows >= portion.rows || (rows > 0 && bytes + size.bytes > portion.bytes)) break;
    rows += 1;
    bytes += size.bytes;
    end = at + 1;
  }
  return end;
}
