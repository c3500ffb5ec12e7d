import { type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { ChatTables } from './migrations.ts';

const sql = statement<ChatTables>();
type Row = ChatTables['chat_read_receipts'];

/** Changes nothing when the user has read as far already: receipts overtake each other on the way. */
const advance = sql((db, p: Row) =>
  db
    .insertInto('chat_read_receipts')
    .values(pick(p, 'thread_no', 'user_id', 'message_id', 'read_at'))
    .onConflict((c) =>
      c
        .columns(['thread_no', 'user_id'])
        .doUpdateSet({ message_id: p.message_id, read_at: p.read_at })
        .where('chat_read_receipts.message_id', '<', p.message_id),
    ),
);
const ofThread = sql((db, p: { thread_no: number }) =>
  db.selectFrom('chat_read_receipts').select(['user_id', 'message_id', 'read_at']).where('thread_no', '=', p.thread_no),
);
const removeOfUser = sql((db, p: { thread_no: number; user_id: string }) =>
  db.deleteFrom('chat_read_receipts').where('thread_no', '=', p.thread_no).where('user_id', '=', p.user_id),
);
const removeOfThread = sql((db, p: { thread_no: number }) => db.deleteFrom('chat_read_receipts').where('thread_no', '=', p.thread_no));

/** How far a user has read in a thread. */
export interface ReadReceipt {
  readonly userId: string;
  readonly messageId: number;
  readonly readAtMs: number;
}

/** One receipt for each user and thread. */
export class ReadReceiptStore {
  /** @returns false when the user has read as far already */
  async advance(tx: Transaction, threadNo: number, { userId, messageId, readAtMs }: ReadReceipt): Promise<boolean> {
    return (await tx.run(advance, { thread_no: threadNo, user_id: userId, message_id: messageId, read_at: readAtMs })) > 0;
  }

  /** In no particular order; at most one for each participant. */
  async ofThread(read: Reader, threadNo: number): Promise<ReadReceipt[]> {
    const rows = await read.all(ofThread, { thread_no: threadNo });
    return rows.map((row) => ({ userId: row.user_id, messageId: row.message_id, readAtMs: row.read_at }));
  }

  async forget(tx: Transaction, threadNo: number, userId: string): Promise<void> {
    await tx.run(removeOfUser, { thread_no: threadNo, user_id: userId });
  }

  async removeAll(tx: Transaction, threadNo: number): Promise<void> {
    await tx.run(removeOfThread, { thread_no: threadNo });
  }
}
