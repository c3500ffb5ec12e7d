import { pick, type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { PhoneNumberTables, ReservationRow } from './migrations.ts';

const sql = statement<PhoneNumberTables>();

// An alias, because parameters want an implicit index signature.
type Key = Readonly<Record<'resource_id' | 'id', string>>;

const put = sql((db, p: ReservationRow & Record<string, string | number | null>) =>
  db
    .insertInto('phone_number_reservations')
    .values(pick(p, 'resource_id', 'id', 'created_at', 'expires_at', 'status', 'numbers', 'operation_id'))
    .onConflict((c) => c.columns(['resource_id', 'id']).doUpdateSet(pick(p, 'expires_at', 'status', 'numbers', 'operation_id'))),
);
const find = sql((db, p: Key) =>
  db.selectFrom('phone_number_reservations').selectAll().where('resource_id', '=', p.resource_id).where('id', '=', p.id),
);
const page = sql((db, p: { resource_id: string; after: string; limit: number }) =>
  db
    .selectFrom('phone_number_reservations')
    .selectAll()
    .where('resource_id', '=', p.resource_id)
    .where('id', '>', p.after)
    .orderBy('id')
    .limit(p.limit),
);
const remove = sql((db, p: Key) =>
  db.deleteFrom('phone_number_reservations').where('resource_id', '=', p.resource_id).where('id', '=', p.id),
);
const purgeSome = sql((db, p: { created_at: number; limit: number }) =>
  db
    .deleteFrom('phone_number_reservations')
    .where((eb) =>
      eb(
        eb.refTuple('resource_id', 'id'),
        'in',
        eb
          .selectFrom('phone_number_reservations')
          .select(['resource_id', 'id'])
          .where('created_at', '<=', p.created_at)
          .limit(p.limit)
          .$asTuple('resource_id', 'id'),
      ),
    ),
);
const removeSome = sql((db, p: { resource_id: string; limit: number }) =>
  db
    .deleteFrom('phone_number_reservations')
    .where('resource_id', '=', p.resource_id)
    .where((eb) =>
      eb('id', 'in', eb.selectFrom('phone_number_reservations').select('id').where('resource_id', '=', p.resource_id).limit(p.limit)),
    ),
);

export const reservationStore = {
  /** Makes a reservation, or changes the one of that id. */
  async put(tx: Transaction, row: ReservationRow): Promise<void> {
    await tx.run(put, { ...row });
  },

  find: (read: Reader, resourceId: string, id: string) => read.get(find, { resource_id: resourceId, id }),

  /** Those of a resource behind `after`, by id. */
  page: (read: Reader, { resourceId, after, limit }: { readonly resourceId: string; readonly after: string; readonly limit: number }) =>
    read.all(page, { resource_id: resourceId, after, limit }),

  async remove(tx: Transaction, resourceId: string, id: string): Promise<void> {
    await tx.run(remove, { resource_id: resourceId, id });
  },

  /** Removes some that are older. @returns how many */
  purgeSome: (tx: Transaction, createdUntilMs: number, limit: number) => tx.run(purgeSome, { created_at: createdUntilMs, limit }),

  /** Removes some of a deleted resource. @returns how many */
  removeSome: (tx: Transaction, resourceId: string, limit: number) => tx.run(removeSome, { resource_id: resourceId, limit }),
};
