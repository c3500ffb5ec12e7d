import { pick, type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { SmsTables } from './migrations.ts';

const sql = statement<SmsTables>();
type Row = SmsTables['sms_segments'];

/** A carrier that begins to count anew gives an id again; the newest message is meant by it. */
const put = sql((db, p: Row) =>
  db
    .insertInto('sms_segments')
    .values(pick(p, 'carrier', 'carrier_id', 'message_no'))
    .onConflict((c) => c.columns(['carrier', 'carrier_id']).doUpdateSet({ message_no: p.message_no })),
);
const byId = sql((db, p: { carrier: string; carrier_id: string }) =>
  db.selectFrom('sms_segments').select('message_no').where('carrier', '=', p.carrier).where('carrier_id', '=', p.carrier_id),
);
const remove = sql((db, p: { carrier: string; carrier_id: string }) =>
  db.deleteFrom('sms_segments').where('carrier', '=', p.carrier).where('carrier_id', '=', p.carrier_id),
);
const removeOf = sql((db, p: { message_no: number }) => db.deleteFrom('sms_segments').where('message_no', '=', p.message_no));

/** Which message a segment belongs to that a carrier has taken, until its receipt comes. */
export const segmentStore = {
  async put(tx: Transaction, carrier: string, { carrierId, no }: { readonly carrierId: string; readonly no: number }): Promise<void> {
    await tx.run(put, { carrier, carrier_id: carrierId, message_no: no });
  },

  async find(read: Reader, carrier: string, carrierId: string): Promise<number | undefined> {
    return (await read.get(byId, { carrier, carrier_id: carrierId }))?.message_no;
  },

  async remove(tx: Transaction, carrier: string, carrierId: string): Promise<void> {
    await tx.run(remove, { carrier, carrier_id: carrierId });
  },

  /** Receipts for the rest of the message come to nothing from then on. */
  async removeOf(tx: Transaction, no: number): Promise<void> {
    await tx.run(removeOf, { message_no: no });
  },
};
