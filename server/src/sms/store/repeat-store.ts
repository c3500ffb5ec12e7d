import { pick, type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { SmsTables } from './migrations.ts';

const sql = statement<SmsTables>();
type Row = SmsTables['sms_repeats'];

const insert = sql((db, p: Row) =>
  db
    .insertInto('sms_repeats')
    .values(pick(p, 'day', 'resource_id', 'request_id', 'message_id', 'fingerprint'))
    .onConflict((c) => c.columns(['day', 'resource_id', 'request_id']).doNothing()),
);
const find = sql((db, p: { day: number; resource_id: string; request_id: string }) =>
  db
    .selectFrom('sms_repeats')
    .select(['message_id', 'fingerprint'])
    .where('day', '=', p.day)
    .where('resource_id', '=', p.resource_id)
    .where('request_id', '=', p.request_id),
);

const DAY_MS = 24 * 3_600_000;

/** A recipient of a request that may be sent again. */
export interface Repeatable {
  readonly resourceId: string;
  /** The client's id for it. */
  readonly requestId: string;
  readonly fingerprint: string;
}

export interface Repeated {
  readonly messageId: string;
  readonly fingerprint: string;
}

/** What was sent under which id: found again for a day at least, and two at most. */
export const repeatStore = {
  async find(read: Reader, { resourceId, requestId }: Repeatable, nowMs: number): Promise<Repeated | undefined> {
    const day = Math.floor(nowMs / DAY_MS);
    const key = { resource_id: resourceId, request_id: requestId };
    const row = (await read.get(find, { ...key, day })) ?? (await read.get(find, { ...key, day: day - 1 }));
    return row && { messageId: row.message_id, fingerprint: row.fingerprint };
  },

  /** @returns false when another request was first */
  async claim(
    tx: Transaction,
    { resourceId, requestId, fingerprint }: Repeatable,
    sent: { readonly messageId: string; readonly nowMs: number },
  ) {
    const { messageId, nowMs } = sent;
    const day = Math.floor(nowMs / DAY_MS);
    return (await tx.run(insert, { day, resource_id: resourceId, request_id: requestId, message_id: messageId, fingerprint })) > 0;
  },
};
