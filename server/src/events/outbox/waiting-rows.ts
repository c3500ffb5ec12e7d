import { type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { EventTables } from '../migrations.ts';

const sql = statement<EventTables>();

/** What waits for subscriptions in one of the tables of the outbox, whatever it is. */
export class WaitingRows {
  readonly #nextSubscription;
  readonly #count;
  readonly #counts;
  readonly #removeOrphans;

  constructor(table: 'event_deliveries' | 'event_dead_letters') {
    this.#nextSubscription = sql((db, p: { after: string }) =>
      db
        .selectFrom(table)
        .select((eb) => eb.fn.min<string | null>('subscription_id').as('subscription_id'))
        .where('subscription_id', '>', p.after),
    );
    this.#count = sql((db, p: { subscription_id: string }) =>
      db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .where('subscription_id', '=', p.subscription_id),
    );
    this.#counts = sql((db) =>
      db
        .selectFrom(table)
        .select((eb) => ['subscription_id', eb.fn.countAll<number | string>().as('count')])
        .groupBy('subscription_id'),
    );
    // A subscription that another process made a moment ago, and this one has not heard of, keeps its rows.
    this.#removeOrphans = sql((db, p: { subscription_id: string; limit: number }) =>
      db.deleteFrom(table).where(
        'id',
        'in',
        db
          .selectFrom(table)
          .select('id')
          .where('subscription_id', '=', p.subscription_id)
          .where((eb) => {
            const known = eb.selectFrom('event_subscriptions').select('event_subscriptions.id');
            return eb.not(eb.exists(known.where('event_subscriptions.id', '=', p.subscription_id)));
          })
          .limit(p.limit),
      ),
    );
  }

  /** The ids of all subscriptions that something waits for, in their order. Each is found when it is asked for. */
  async *subscriptions(read: Reader): AsyncGenerator<string> {
    for (let after = ''; ;) {
      const next = (await read.get(this.#nextSubscription, { after }))?.subscription_id ?? undefined;
      if (next === undefined) return;
      yield (after = next);
    }
  }

  /** How many wait for a subscription. */
  async count(read: Reader, subscriptionId: string): Promise<number> {
    return Number((await read.get(this.#count, { subscription_id: subscriptionId }))?.count ?? 0);
  }

  /** How many wait for each subscription that any wait for. */
  async counts(read: Reader): Promise<ReadonlyMap<string, number>> {
    const rows = await read.all(this.#counts, {});
    return new Map(rows.map(({ subscription_id, count }) => [subscription_id, Number(count)]));
  }

  /** Removes some of what waits for a subscription that is no more. @returns whether none is left */
  async removeOrphans(tx: Transaction, subscriptionId: string, limit: number): Promise<boolean> {
    return (await tx.run(this.#removeOrphans, { subscription_id: subscriptionId, limit })) < limit;
  }
}
