import { pick, type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { PhoneNumberTables, SipRow } from './migrations.ts';

const sql = statement<PhoneNumberTables>();

const put = sql((db, p: SipRow & Record<string, string>) =>
  db
    .insertInto('sip_configurations')
    .values(pick(p, 'resource_id', 'definition'))
    .onConflict((c) => c.column('resource_id').doUpdateSet({ definition: p.definition })),
);
const find = sql((db, p: { resource_id: string }) =>
  db.selectFrom('sip_configurations').selectAll().where('resource_id', '=', p.resource_id),
);
const remove = sql((db, p: { resource_id: string }) => db.deleteFrom('sip_configurations').where('resource_id', '=', p.resource_id));

export const sipStore = {
  async put(tx: Transaction, resourceId: string, definition: string): Promise<void> {
    await tx.run(put, { resource_id: resourceId, definition });
  },

  find: (read: Reader, resourceId: string) => read.get(find, { resource_id: resourceId }),

  async remove(tx: Transaction, resourceId: string): Promise<void> {
    await tx.run(remove, { resource_id: resourceId });
  },
};
