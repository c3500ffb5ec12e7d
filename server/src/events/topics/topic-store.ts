import { type KeyRing, type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { EventTables } from '../migrations.ts';

const sql = statement<EventTables>();
type Row = EventTables['event_topics'];

const selectKind = sql((db, p: { kind: string }) =>
  db.selectFrom('event_topics').selectAll().where('kind', '=', p.kind).orderBy('created_at').orderBy('id'),
);
const upsert = sql((db, p: Row) =>
  db
    .insertInto('event_topics')
    .values(pick(p, 'id', 'kind', 'name', 'definition', 'created_at'))
    .onConflict((c) => c.column('id').doUpdateSet({ definition: p.definition })),
);
const remove = sql((db, p: { id: string }) => db.deleteFrom('event_topics').where('id', '=', p.id));

interface Stored {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
}

/** Topics of one kind at rest; all but their names is sealed. */
export class TopicStore<T extends Stored> {
  readonly #keys: KeyRing;
  readonly #kind: 'custom' | 'system';

  constructor(keys: KeyRing, kind: 'custom' | 'system') {
    this.#keys = keys;
    this.#kind = kind;
  }

  async all(read: Reader): Promise<T[]> {
    const rows = await read.all(selectKind, { kind: this.#kind });
    return rows.map(({ id, name, created_at, definition }) => {
      const rest = JSON.parse(this.#keys.unseal(definition, aad(id)).toString('utf8')) as object;
      // Written by `put`.
      return { ...rest, id, name, createdAtMs: created_at } as T;
    });
  }

  async put(tx: Transaction, { id, name, createdAtMs, ...definition }: T): Promise<void> {
    await tx.run(upsert, {
      id,
      kind: this.#kind,
      name,
      definition: this.#keys.seal(JSON.stringify(definition), aad(id)),
      created_at: createdAtMs,
    });
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    await tx.run(remove, { id });
  }
}

function aad(id: string): string {
  return `event topic ${id}`;
}
