import type { UserKey } from '../../http/index.ts';
import { type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { ContentSeal, NamedParticipant, Profile } from '../content.ts';
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
const presentOf = sql((db, p: { thread_no: number }) =>
  db.selectFrom('chat_participants').selectAll().where('thread_no', '=', p.thread_no).where('removed_after', 'is', null),
);
const one = sql((db, p: { thread_no: number; user_id: string }) =>
  db.selectFrom('chat_participants').selectAll().where('thread_no', '=', p.thread_no).where('user_id', '=', p.user_id),
);
const markRemoved = sql((db, p: { thread_no: number; user_id: string; removed_after: number; profile: Uint8Array }) =>
  db
    .updateTable('chat_participants')
    .set({ removed_after: p.removed_after, profile: p.profile })
    .where('thread_no', '=', p.thread_no)
    .where('user_id', '=', p.user_id),
);
const threadsOfUser = sql((db, p: { resource_id: string; user_id: string; after_no: number; limit: number }) =>
  db
    .selectFrom('chat_participants')
    .innerJoin('chat_threads', 'chat_threads.no', 'chat_participants.thread_no')
    .select(['chat_threads.no', 'chat_threads.id', 'chat_threads.deleted_at'])
    .where('chat_participants.user_id', '=', p.user_id)
    .where('chat_threads.resource_id', '=', p.resource_id)
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
    const { userId, historyFromMs } = participant;
    const profile = this.#seal.sealProfile(thread.id, userId, profileOf(participant));
    await tx.run(upsert, { thread_no: thread.no, user_id: userId, profile, history_from: historyFromMs, removed_after: null });
  }

  /** Those who take part now. */
  async present(read: Reader, thread: ThreadKey): Promise<ParticipantRow[]> {
    return (await read.all(presentOf, { thread_no: thread.no })).map((row) => this.#open(thread, row));
  }

  /** The row of a user who takes part or was removed. */
  async find(read: Reader, thread: ThreadKey, userId: string): Promise<ParticipantRow | undefined> {
    const row = await read.get(one, { thread_no: thread.no, user_id: userId });
    return row === undefined ? undefined : this.#open(thread, row);
  }

  /** From now on the participant only reads what came up to message `lastMessageId`, under the present topic. */
  async remove(
    tx: Transaction,
    thread: ThreadKey,
    removed: { readonly participant: NamedParticipant; readonly lastMessageId: number; readonly topic: string },
  ): Promise<void> {
    const { participant, lastMessageId, topic } = removed;
    const profile = this.#seal.sealProfile(thread.id, participant.userId, { ...profileOf(participant), topicWhenRemoved: topic });
    await tx.run(markRemoved, { thread_no: thread.no, user_id: participant.userId, removed_after: lastMessageId, profile });
  }

  /** Threads of the user's resource that hold a row of the user, by rising number: directory users have the same id in every resource. */
  async threadsOfUser(
    read: Reader,
    user: UserKey,
    page: { readonly afterNo: number; readonly limit: number },
  ): Promise<(ThreadKey & { readonly deleted_at: number | null })[]> {
    return read.all(threadsOfUser, { resource_id: user.resourceId, user_id: user.id, after_no: page.afterNo, limit: page.limit });
  }

  async forget(tx: Transaction, threadNo: number, userId: string): Promise<void> {
    await tx.run(removeOfUser, { thread_no: threadNo, user_id: userId });
  }

  async removeAll(tx: Transaction, threadNo: number): Promise<void> {
    await tx.run(removeOfThread, { thread_no: threadNo });
  }

  #open(thread: ThreadKey, row: ChatTables['chat_participants']): ParticipantRow {
    const profile = this.#seal.openProfile(thread.id, row.user_id, row.profile);
    return { userId: row.user_id, historyFromMs: row.history_from, removedAfter: row.removed_after, ...profileOf(profile) };
  }
}

function profileOf({ displayName, metadata }: Profile): Profile {
  return { ...(displayName === undefined ? {} : { displayName }), ...(metadata === undefined ? {} : { metadata }) };
}
