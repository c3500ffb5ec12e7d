import { type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { ChatTables } from './migrations.ts';

const sql = statement<ChatTables>();
type Row = ChatTables['chat_resource_retention'];

const byId = sql((db, p: { resource_id: string }) =>
  db.selectFrom('chat_resource_retention').select('days').where('resource_id', '=', p.resource_id),
);
const upsert = sql((db, p: Row) =>
  db
    .insertInto('chat_resource_retention')
    .values(pick(p, 'resource_id', 'days'))
    .onConflict((c) => c.column('resource_id').doUpdateSet({ days: p.days })),
);
const remove = sql((db, p: { resource_id: string }) => db.deleteFrom('chat_resource_retention').where('resource_id', '=', p.resource_id));

/** By which message retention the threads of each resource are scheduled. */
export const resourceRetentionStore = {
  /** Days, `Infinity` for without end; undefined when nothing is noted. */
  async find(read: Reader, resourceId: string): Promise<number | undefined> {
    const row = await read.get(byId, { resource_id: resourceId });
    return row === undefined ? undefined : (row.days ?? Infinity);
  },

  async put(tx: Transaction, resourceId: string, days: number): Promise<void> {
    await tx.run(upsert, { resource_id: resourceId, days: days === Infinity ? null : days });
  },

  async remove(tx: Transaction, resourceId: string): Promise<void> {
    await tx.run(remove, { resource_id: resourceId });
  },
};
