import { pick, type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { OperationRow, PhoneNumberTables } from './migrations.ts';

const sql = statement<PhoneNumberTables>();

const insert = sql((db, p: OperationRow & Record<string, string | number | null>) =>
  db
    .insertInto('phone_number_operations')
    .values(
      pick(p, 'id', 'resource_id', 'type', 'status', 'subject', 'detail', 'created_at', 'last_action_at', 'error_code', 'error_message'),
    ),
);
const find = sql((db, p: { id: string }) => db.selectFrom('phone_number_operations').selectAll().where('id', '=', p.id));
const conclude = sql(
  (db, p: { id: string; status: string; last_action_at: number; error_code: string | null; error_message: string | null }) =>
    db
      .updateTable('phone_number_operations')
      .set(pick(p, 'status', 'last_action_at', 'error_code', 'error_message'))
      .where('id', '=', p.id),
);
const purgeSome = sql((db, p: { created_at: number; limit: number }) =>
  db
    .deleteFrom('phone_number_operations')
    .where((eb) =>
      eb('id', 'in', eb.selectFrom('phone_number_operations').select('id').where('created_at', '<=', p.created_at).limit(p.limit)),
    ),
);
const removeSome = sql((db, p: { resource_id: string; limit: number }) =>
  db
    .deleteFrom('phone_number_operations')
    .where((eb) =>
      eb('id', 'in', eb.selectFrom('phone_number_operations').select('id').where('resource_id', '=', p.resource_id).limit(p.limit)),
    ),
);

export const operationStore = {
  async insert(tx: Transaction, row: OperationRow): Promise<void> {
    await tx.run(insert, { ...row });
  },

  find: (read: Reader, id: string) => read.get(find, { id }),

  async conclude(
    tx: Transaction,
    id: string,
    end: { readonly status: string; readonly atMs: number; readonly error?: { readonly code: string; readonly message: string } },
  ): Promise<void> {
    const { status, atMs, error } = end;
    await tx.run(conclude, { id, status, last_action_at: atMs, error_code: error?.code ?? null, error_message: error?.message ?? null });
  },

  /** Removes some that are older. @returns how many */
  purgeSome: (tx: Transaction, createdUntilMs: number, limit: number) => tx.run(purgeSome, { created_at: createdUntilMs, limit }),

  /** Removes some of a deleted resource. @returns how many */
  removeSome: (tx: Transaction, resourceId: string, limit: number) => tx.run(removeSome, { resource_id: resourceId, limit }),
};
