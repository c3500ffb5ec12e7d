import { type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { ContentSeal, NamedParticipant } from '../content.ts';
import type { ChatTables } from './migrations.ts';

const sql = statement<ChatTables>();

const upsert = sql((db, p: ChatTables['chat_participants']) =>
  db
    .insertInto('chat_participants')
    .values(pick(p, 'thread_no', 'user_id', 'profile', 'history_from', 'removed_after'))
    .onConflict((c) =>
      c.columns(['thread_no', 'user_id']).doUpdateSet({ profile: p.profile, history_from: p.history_from, removed_after: p.removed_after }),
    ),
);
const ofThread = sql((db, p: { thread_no: number }) =>
  db.selectFrom('chat_participants').selectAll().where('thread_no', '=', p.thread_no).orderBy('user_id'),
);
const markRemoved = sql((db, p: { thread_no: number; user_id: string; removed_after: number }) =>
  db
    .updateTable('chat_participants')
    .set({ removed_after: p.removed_after })
    .where('thread_no', '=', p.thread_no)
    .where('user_id', '=', p.user_id),
);
const threadsOfUser = sql((db, p: { user_id: string; after_no: number; limit: number }) =>
  db
    .selectFrom('chat_participants')
    .innerJoin('chat_threads', 'chat_threads.no', 'chat_participants.thread_no')
    .select(['chat_threads.no', 'chat_threads.id', 'chat_threads.deleted_at'])
    .where('chat_participants.user_id', '=', p.user_id)
    .where('chat_participants.thread_no', '>', p.after_no)
    .orderBy('chat_participants.thread_no')
    .limit(p.limit),
);
const removeOfThread = sql((db, p: { thread_no: number }) => db.deleteFrom('chat_participants').where('thread_no', '=', p.thread_no));
const removeOfUser = sql((db, p: { thread_no: number; user_id: string }) =>
  db.deleteFrom('chat_participants').where('thread_no', '=', p.thread_no).where('user_id', '=', p.user_id),
);

/** A participant's row: of the present ones, and of the removed ones who keep their history. */
export interface ParticipantRow extends NamedParticipant {
  readonly removedAfter: number | null;
}

interface ThreadKey {
  readonly no: number;
  readonly id: string;
}

export class ParticipantStore {
  readonly #seal: ContentSeal;

  constructor(seal: ContentSeal) {
    this.#seal = seal;
  }

  async add(tx: Transaction, thread: ThreadKey, participant: NamedParticipant): Promise<void> {
    const { userId, historyFromMs, displayName, metadata } = participant;
    const profile = this.#seal.sealProfile(thread.id, userId, {
      ...(displayName === undefined ? {} : { displayName }),
      ...(metadata === undefined ? {} : { metadata }),
    });
    await tx.run(upsert, { thread_no: thread.no, user_id: userId, profile, history_from: historyFromMs, removed_after: null });
  }

  async all(read: Reader, thread: ThreadKey): Promise<ParticipantRow[]> {
    return (await read.all(ofThread, { thread_no: thread.no })).map((row) => ({
      userId: row.user_id,
      historyFromMs: row.history_from,
      removedAfter: row.removed_after,
      ...this.#seal.openProfile(thread.id, row.user_id, row.profile),
    }));
  }

  /** From now on the participant only reads what came up to message `lastMessageId`. */
  async remove(tx: Transaction, thread: ThreadKey, removed: { readonly userId: string; readonly lastMessageId: number }): Promise<void> {
    await tx.run(markRemoved, { thread_no: thread.no, user_id: removed.userId, removed_after: removed.lastMessageId });
  }

  /** Threads that hold a row of the user, by rising number. */
  async threadsOfUser(
    read: Reader,
    userId: string,
    page: { readonly afterNo: number; readonly limit: number },
  ): Promise<(ThreadKey & { readonly deleted_at: number | null })[]> {
    return read.all(threadsOfUser, { user_id: userId, after_no: page.afterNo, limit: page.limit });
  }

  async forget(tx: Transaction, threadNo: number, userId: string): Promise<void> {
    await tx.run(removeOfUser, { thread_no: threadNo, user_id: userId });
  }

  async removeAll(tx: Transaction, threadNo: number): Promise<void> {
    await tx.run(removeOfThread, { thread_no: threadNo });
  }
}
