import { type KeyRing, pick, type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { ReceivedMessage, ReceivedState } from '../received-message.ts';
import type { SmsTables } from './migrations.ts';

const sql = statement<SmsTables>();
type Row = SmsTables['sms_received'];

const insert = sql((db, p: Row) =>
  db
    .insertInto('sms_received')
    .values(pick(p, 'no', 'resource_id', 'message_id', 'sender', 'recipient', 'state', 'segments', 'received_at', 'detail', 'content')),
);
const lastNo = sql((db, _: Record<never, never>) => db.selectFrom('sms_received').select((eb) => eb.fn.max<number | null>('no').as('no')));
const page = sql((db, p: { resource_id: string; from_no: number; limit: number }) =>
  db
    .selectFrom('sms_received')
    .selectAll()
    .where('resource_id', '=', p.resource_id)
    .where('no', '>=', p.from_no)
    .orderBy('no', 'desc')
    .limit(p.limit),
);

/** Messages from phones. */
export class ReceivedStore {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  async insert(tx: Transaction, message: ReceivedMessage): Promise<void> {
    const { no, text, detail } = message;
    await tx.run(insert, {
      no,
      resource_id: message.resourceId,
      message_id: message.messageId,
      sender: message.from,
      recipient: message.to,
      state: message.state,
      segments: message.segments,
      received_at: message.receivedAtMs,
      detail: detail ?? null,
      content: this.#keys.seal(JSON.stringify({ text }), placeOf(no)),
    });
  }

  /** The highest number; 0 for none. */
  async lastNo(read: Reader): Promise<number> {
    return (await read.get(lastNo, {}))?.no ?? 0;
  }

  /** Messages to a resource, newest first, none with a lower number than `fromNo`. */
  async newest(read: Reader, resourceId: string, { fromNo, limit }: { readonly fromNo: number; readonly limit: number }) {
    const rows = await read.all(page, { resource_id: resourceId, from_no: fromNo, limit });
    return rows.map((row) => this.#open(row));
  }

  #open(row: Row): ReceivedMessage {
    // Written by `insert`.
    const { text } = JSON.parse(this.#keys.unseal(row.content, placeOf(row.no)).toString('utf8')) as { readonly text: string };
    return {
      no: row.no,
      resourceId: row.resource_id,
      messageId: row.message_id,
      from: row.sender,
      to: row.recipient,
      text,
      state: row.state as ReceivedState,
      segments: row.segments,
      receivedAtMs: row.received_at,
      ...(row.detail === null ? {} : { detail: row.detail }),
    };
  }
}

function placeOf(no: number): string {
  return `sms received ${no}`;
}
