import { type KeyRing, type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { EventTables } from '../migrations.ts';
import type { Subscription } from './subscription.ts';

const sql = statement<EventTables>();
type Row = EventTables['event_subscriptions'];

const selectAll = sql((db, _: Record<never, never>) =>
  db.selectFrom('event_subscriptions').selectAll().orderBy('created_at').orderBy('id'),
);
const upsert = sql((db, p: Row) =>
  db
    .insertInto('event_subscriptions')
    .values(pick(p, 'id', 'source_id', 'name', 'name_key', 'definition', 'created_at'))
    .onConflict((c) => c.column('id').doUpdateSet({ definition: p.definition })),
);
const remove = sql((db, p: { id: string }) => db.deleteFrom('event_subscriptions').where('id', '=', p.id));

/** Event subscriptions at rest; what they say is sealed. */
export class SubscriptionStore {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  async all(read: Reader): Promise<Subscription[]> {
    return (await read.all(selectAll, {})).map((row) => ({
      // Written by `put`.
      ...(JSON.parse(this.#keys.unseal(row.definition, `event subscription ${row.id}`).toString('utf8')) as Omit<
        Subscription,
        'id' | 'sourceId' | 'name' | 'createdAtMs'
      >),
      id: row.id,
      sourceId: row.source_id,
      name: row.name,
      createdAtMs: row.created_at,
    }));
  }

  async put(tx: Transaction, { id, sourceId, name, createdAtMs, ...definition }: Subscription): Promise<void> {
    await tx.run(upsert, {
      id,
      source_id: sourceId,
      name,
      name_key: name.toLowerCase(),
      definition: this.#keys.seal(JSON.stringify(definition), `event subscription ${id}`),
      created_at: createdAtMs,
    });
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    await tx.run(remove, { id });
  }
}
