import { pick, type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { PhoneNumberTables, SearchRow } from './migrations.ts';

const sql = statement<PhoneNumberTables>();

const insert = sql((db, p: SearchRow & Record<string, string | number | null>) =>
  db
    .insertInto('phone_number_searches')
    .values(
      pick(
        p,
        'id',
        'resource_id',
        'country',
        'type',
        'assignment',
        'calling',
        'sms',
        'area_code',
        'quantity',
        'monthly_cents',
        'created_at',
        'expires_at',
        'numbers',
      ),
    ),
);
const find = sql((db, p: { id: string }) => db.selectFrom('phone_number_searches').selectAll().where('id', '=', p.id));
const setFound = sql((db, p: { id: string; numbers: string }) =>
  db.updateTable('phone_number_searches').set({ numbers: p.numbers }).where('id', '=', p.id),
);
const purgeSome = sql((db, p: { created_at: number; limit: number }) =>
  db
    .deleteFrom('phone_number_searches')
    .where((eb) =>
      eb('id', 'in', eb.selectFrom('phone_number_searches').select('id').where('created_at', '<=', p.created_at).limit(p.limit)),
    ),
);
const removeSome = sql((db, p: { resource_id: string; limit: number }) =>
  db
    .deleteFrom('phone_number_searches')
    .where((eb) =>
      eb('id', 'in', eb.selectFrom('phone_number_searches').select('id').where('resource_id', '=', p.resource_id).limit(p.limit)),
    ),
);

export const searchStore = {
  async insert(tx: Transaction, row: SearchRow): Promise<void> {
    await tx.run(insert, { ...row });
  },

  find: (read: Reader, id: string) => read.get(find, { id }),

  async setFound(tx: Transaction, id: string, numbers: readonly string[]): Promise<void> {
    await tx.run(setFound, { id, numbers: JSON.stringify(numbers) });
  },

  /** Removes some that are older. @returns how many */
  purgeSome: (tx: Transaction, createdUntilMs: number, limit: number) => tx.run(purgeSome, { created_at: createdUntilMs, limit }),

  /** Removes some of a deleted resource. @returns how many */
  removeSome: (tx: Transaction, resourceId: string, limit: number) => tx.run(removeSome, { resource_id: resourceId, limit }),
};
