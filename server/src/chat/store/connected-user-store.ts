import type { UserKey } from '../../http/index.ts';
import { type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { ChatTables } from './migrations.ts';

const sql = statement<ChatTables>();
type Row = ChatTables['chat_connected_users'];

const all = sql((db) => db.selectFrom('chat_connected_users').select(['resource_id', 'user_id']));
const insert = sql((db, p: Row) =>
  db
    .insertInto('chat_connected_users')
    .values(pick(p, 'resource_id', 'user_id'))
    .onConflict((c) => c.doNothing()),
);
const remove = sql((db, p: Row) =>
  db.deleteFrom('chat_connected_users').where('resource_id', '=', p.resource_id).where('user_id', '=', p.user_id),
);

/** Users of whom nobody was told yet that they are gone. */
export const connectedUserStore = {
  async all(read: Reader): Promise<UserKey[]> {
    const rows = await read.all(all, {});
    return rows.map((row) => ({ resourceId: row.resource_id, id: row.user_id }));
  },

  async add(tx: Transaction, { resourceId, id }: UserKey): Promise<void> {
    await tx.run(insert, { resource_id: resourceId, user_id: id });
  },

  async remove(tx: Transaction, { resourceId, id }: UserKey): Promise<void> {
    await tx.run(remove, { resource_id: resourceId, user_id: id });
  },
};
