import type { Selectable } from 'kysely';
import { type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { ContentSeal, DeletionReason, ThreadProperties } from '../content.ts';
import type { ChatTables } from './migrations.ts';

const sql = statement<ChatTables>();

const insert = sql((db, p: Omit<ChatTables['chat_threads'], 'no' | 'deleted_at' | 'deleted_reason' | 'message_days'>) =>
  db
    .insertInto('chat_threads')
    .values(
      pick(
        p,
        'id',
        'resource_id',
        'created_by',
        'created_at',
        'properties',
        'version',
        'last_message_id',
        'last_sequence',
        'retention_armed',
      ),
    )
    .returning('no'),
);
const byId = sql((db, p: { id: string }) => db.selectFrom('chat_threads').selectAll().where('id', '=', p.id));
const byNo = sql((db, p: { no: number }) => db.selectFrom('chat_threads').selectAll().where('no', '=', p.no));
const ofResourceAfter = sql((db, p: { resource_id: string; after_no: number; limit: number }) =>
  db
    .selectFrom('chat_threads')
    .selectAll()
    .where('resource_id', '=', p.resource_id)
    .where('no', '>', p.after_no)
    .orderBy('no')
    .limit(p.limit),
);
const setMessageDays = sql((db, p: { no: number; message_days: number | null }) =>
  db.updateTable('chat_threads').set({ message_days: p.message_days }).where('no', '=', p.no),
);
/**
 * Takes the next place in a thread. Ids never stand still or go back, whatever the clock does, and nothing is taken when
 * the caller's copy of the thread is stale or the thread deleted.
 */
const takePlace = sql((db, p: { no: number; version: number; now: number; one: number }) =>
  db
    .updateTable('chat_threads')
    .set((eb) => ({
      last_sequence: eb('last_sequence', '+', p.one),
      last_message_id: eb
        .case()
        .when('last_message_id', '>=', p.now)
        .then(eb('last_message_id', '+', p.one))
        .else(eb.val(p.now))
        .end(),
    }))
    .where('no', '=', p.no)
    .where('version', '=', p.version)
    .where('deleted_at', 'is', null)
    .returning(['last_sequence', 'last_message_id', 'retention_armed']),
);
const touch = sql((db, p: { no: number; version: number; one: number }) =>
  db
    .updateTable('chat_threads')
    .set((eb) => ({ version: eb('version', '+', p.one) }))
    .where('no', '=', p.no)
    .where('version', '=', p.version)
    .where('deleted_at', 'is', null),
);
const current = sql((db, p: { no: number; version: number }) =>
  db.selectFrom('chat_threads').select('no').where('no', '=', p.no).where('version', '=', p.version).where('deleted_at', 'is', null),
);
const setArmed = sql((db, p: { no: number; retention_armed: number }) =>
  db.updateTable('chat_threads').set({ retention_armed: p.retention_armed }).where('no', '=', p.no),
);
const setProperties = sql((db, p: { no: number; properties: Uint8Array }) =>
  db.updateTable('chat_threads').set({ properties: p.properties }).where('no', '=', p.no),
);
const markDeleted = sql((db, p: { no: number; version: number; deleted_at: number; deleted_reason: string; one: number }) =>
  db
    .updateTable('chat_threads')
    .set((eb) => ({ deleted_at: p.deleted_at, deleted_reason: p.deleted_reason, version: eb('version', '+', p.one) }))
    .where('no', '=', p.no)
    .where('version', '=', p.version)
    .where('deleted_at', 'is', null),
);
const listOfUser = sql((db, p: { user_id: string; resource_id: string; before_no: number; since: number; limit: number }) =>
  db
    .selectFrom('chat_participants')
    .innerJoin('chat_threads', 'chat_threads.no', 'chat_participants.thread_no')
    .select([
      'chat_threads.no',
      'chat_threads.id',
      'chat_threads.properties',
      'chat_threads.last_message_id',
      'chat_participants.removed_after',
      'chat_participants.profile',
    ])
    .where('chat_participants.user_id', '=', p.user_id)
    .where('chat_participants.thread_no', '<', p.before_no)
    .where('chat_threads.resource_id', '=', p.resource_id)
    .where('chat_threads.deleted_at', 'is', null)
    .where((eb) => eb.fn.coalesce('chat_participants.removed_after', 'chat_threads.last_message_id'), '>=', p.since)
    .orderBy('chat_participants.thread_no', 'desc')
    .limit(p.limit),
);
const someOfResource = sql((db, p: { resource_id: string; limit: number }) =>
  db.selectFrom('chat_threads').select('no').where('resource_id', '=', p.resource_id).orderBy('no').limit(p.limit),
);
const first = sql((db, p: { limit: number }) => db.selectFrom('chat_threads').select('no').limit(p.limit));
const deletedUpTo = sql((db, p: { no: number; deleted_at: number }) =>
  db.selectFrom('chat_threads').select('no').where('no', '=', p.no).where('deleted_at', '<=', p.deleted_at),
);
const removeRow = sql((db, p: { no: number }) => db.deleteFrom('chat_threads').where('no', '=', p.no));
const hideAll = sql((db, p: { resource_id: string; deleted_at: number; one: number }) =>
  db
    .updateTable('chat_threads')
    .set((eb) => ({ deleted_at: p.deleted_at, version: eb('version', '+', p.one) }))
    .where('resource_id', '=', p.resource_id)
    .where('deleted_at', 'is', null),
);

export interface ThreadRow {
  readonly no: number;
  readonly id: string;
  readonly resourceId: string;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly properties: ThreadProperties;
  readonly version: number;
  /** Days its messages are kept, set for it alone; `Infinity` for without end, undefined when nothing is set. */
  readonly messageDays: number | undefined;
}

export type NewThreadRow = Omit<ThreadRow, 'no' | 'version' | 'messageDays'>;

export interface ThreadListItem {
  readonly no: number;
  readonly id: string;
  readonly topic: string;
  readonly lastMessageAtMs: number;
}

/** A message's place in its thread. */
export interface Place {
  readonly id: number;
  readonly sequence: number;
  /** Work that clears the thread of old messages waits already. */
  readonly isArmed: boolean;
}

export class ThreadStore {
  readonly #seal: ContentSeal;

  constructor(seal: ContentSeal) {
    this.#seal = seal;
  }

  async insert(tx: Transaction, thread: NewThreadRow): Promise<ThreadRow> {
    const row = await tx.get(insert, {
      id: thread.id,
      resource_id: thread.resourceId,
      created_by: thread.createdBy,
      created_at: thread.createdAtMs,
      properties: this.#seal.sealProperties(thread.id, thread.properties),
      version: 1,
      last_message_id: 0,
      last_sequence: 0,
      retention_armed: 0,
    });
    if (row === undefined) throw new Error('the thread was not inserted');
    return { ...thread, no: row.no, version: 1, messageDays: undefined };
  }

  /** Undefined for unknown and for deleted threads. */
  async find(read: Reader, id: string): Promise<ThreadRow | undefined> {
    const row = await read.get(byId, { id });
    return row === undefined || row.deleted_at !== null ? undefined : openThread(this.#seal, row);
  }

  /** By its number, and also when it is deleted. */
  async findAny(read: Reader, no: number): Promise<ThreadRow | undefined> {
    const row = await read.get(byNo, { no });
    return row === undefined ? undefined : openThread(this.#seal, row);
  }

  /** @returns undefined when `thread` is stale or deleted */
  async takePlace(tx: Transaction, thread: { readonly no: number; readonly version: number }, nowMs: number): Promise<Place | undefined> {
    const row = await tx.get(takePlace, { no: thread.no, version: thread.version, now: nowMs, one: 1 });
    return row === undefined ? undefined : { id: row.last_message_id, sequence: row.last_sequence, isArmed: row.retention_armed === 1 };
  }

  /** Marks a change of properties or participants. @returns false when `thread` is stale or deleted */
  async touch(tx: Transaction, thread: { readonly no: number; readonly version: number }): Promise<boolean> {
    return (await tx.run(touch, { no: thread.no, version: thread.version, one: 1 })) > 0;
  }

  /** Whether `thread` is the present state, for writes that do not take a place. */
  async isCurrent(tx: Transaction, thread: { readonly no: number; readonly version: number }): Promise<boolean> {
    return (await tx.get(current, { no: thread.no, version: thread.version })) !== undefined;
  }

  /** Notes whether work waits that will clear the thread of old messages. */
  async setArmed(tx: Transaction, no: number, isArmed: boolean): Promise<void> {
    await tx.run(setArmed, { no, retention_armed: isArmed ? 1 : 0 });
  }

  async setProperties(tx: Transaction, thread: { readonly no: number; readonly id: string }, properties: ThreadProperties): Promise<void> {
    await tx.run(setProperties, { no: thread.no, properties: this.#seal.sealProperties(thread.id, properties) });
  }

  async markDeleted(
    tx: Transaction,
    { no, version }: { readonly no: number; readonly version: number },
    deletion: { readonly atMs: number; readonly reason: DeletionReason },
  ): Promise<boolean> {
    return (await tx.run(markDeleted, { no, version, deleted_at: deletion.atMs, deleted_reason: deletion.reason, one: 1 })) > 0;
  }

  /** Newest first; a removed participant still sees the thread in the list. */
  async listOfUser(
    read: Reader,
    query: {
      readonly userId: string;
      readonly resourceId: string;
      readonly beforeNo: number;
      readonly sinceMs: number;
      readonly limit: number;
    },
  ): Promise<ThreadListItem[]> {
    const rows = await read.all(listOfUser, {
      user_id: query.userId,
      resource_id: query.resourceId,
      before_no: query.beforeNo,
      since: query.sinceMs,
      limit: query.limit,
    });
    return rows.map((row) => ({
      no: row.no,
      id: row.id,
      // Who was removed goes on seeing the thread as it was then.
      topic:
        row.removed_after === null
          ? this.#seal.openProperties(row.id, row.properties).topic
          : (this.#seal.openProfile(row.id, query.userId, row.profile).topicWhenRemoved ?? ''),
      lastMessageAtMs: row.removed_after ?? row.last_message_id,
    }));
  }

  async hideAllOfResource(tx: Transaction, resourceId: string, atMs: number): Promise<void> {
    await tx.run(hideAll, { resource_id: resourceId, deleted_at: atMs, one: 1 });
  }

  /** In any resource, deleted ones included. */
  async areThereAny(read: Reader): Promise<boolean> {
    return (await read.get(first, { limit: 1 })) !== undefined;
  }

  /** Numbers of some threads of a resource, deleted ones included. */
  async someOfResource(read: Reader, resourceId: string, limit: number): Promise<number[]> {
    return (await read.all(someOfResource, { resource_id: resourceId, limit })).map((row) => row.no);
  }

  /** Threads of a resource by rising number, deleted ones included. */
  async ofResourceAfter(
    read: Reader,
    resourceId: string,
    page: { readonly afterNo: number; readonly limit: number },
  ): Promise<ThreadRow[]> {
    const rows = await read.all(ofResourceAfter, { resource_id: resourceId, after_no: page.afterNo, limit: page.limit });
    return rows.map((row) => openThread(this.#seal, row));
  }

  /** @param days `Infinity` for without end, undefined to take the setting back */
  async setMessageDays(tx: Transaction, no: number, days: number | undefined): Promise<void> {
    await tx.run(setMessageDays, { no, message_days: days === undefined ? null : days === Infinity ? 0 : days });
  }

  /** Whether the thread with this number was deleted, at `atMs` or before. */
  async wasDeleted(read: Reader, no: number, atMs: number): Promise<boolean> {
    return (await read.get(deletedUpTo, { no, deleted_at: atMs })) !== undefined;
  }

  async remove(tx: Transaction, no: number): Promise<void> {
    await tx.run(removeRow, { no });
  }
}

export function openThread(seal: ContentSeal, row: Selectable<ChatTables['chat_threads']>): ThreadRow {
  return {
    no: row.no,
    id: row.id,
    resourceId: row.resource_id,
    createdBy: row.created_by,
    createdAtMs: row.created_at,
    properties: seal.openProperties(row.id, row.properties),
    version: row.version,
    messageDays: row.message_days === null ? undefined : row.message_days || Infinity,
  };
}
