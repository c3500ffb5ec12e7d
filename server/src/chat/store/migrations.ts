import { type Generated, sql } from 'kysely';
import type { Migration } from '../../storage/index.ts';

export interface ChatTables {
  chat_threads: {
    no: Generated<number>;
    id: string;
    resource_id: string;
    created_by: string;
    created_at: number;
    deleted_at: number | null;
    /** Sealed JSON: topic, metadata, retention policy. */
    properties: Uint8Array;
    /** Grows with every change of properties or participants: a cached copy of another version is stale. */
    version: number;
    last_message_id: number;
    last_sequence: number;
    /** 1 while work waits that will clear the thread of messages past their retention. */
    retention_armed: number;
    /** Days a message is kept, set for this thread alone: 0 for without end, null when nothing is set. */
    message_days: number | null;
    /** Of a deleted thread: `deletedByUser` or `deletedByPolicy`. */
    deleted_reason: string | null;
  };
  chat_participants: {
    thread_no: number;
    user_id: string;
    /** Sealed JSON: display name, metadata. */
    profile: Uint8Array;
    /** Messages older than this are not shown to the participant, milliseconds since the epoch. */
    history_from: number;
    /** The last message shown to a participant who was removed. */
    removed_after: number | null;
  };
  chat_messages: {
    thread_no: number;
    /** Arrival in milliseconds since the epoch, made unique and rising within the thread. */
    id: number;
    sequence: number;
    version: number;
    type: string;
    sender: string | null;
    /** Sealed JSON, see `content.ts`. */
    content: Uint8Array;
    edited_at: number | null;
    deleted_at: number | null;
  };
  chat_read_receipts: {
    thread_no: number;
    user_id: string;
    /** The newest message that the user has read. */
    message_id: number;
    read_at: number;
  };
  /** Live users of whom nobody was told yet that they are gone, where somebody wants to be told. */
  chat_connected_users: {
    resource_id: string;
    user_id: string;
  };
  /** The message retention by which the threads of a resource are scheduled. */
  chat_resource_retention: {
    resource_id: string;
    /** Null for without end. */
    days: number | null;
  };
}

export const chatMigrations: readonly Migration[] = [
  {
    name: 'chat/0001-threads-and-messages',
    up: async (db, types) => {
      await db.schema
        .createTable('chat_threads')
        .addColumn('no', types.serial, (c) => c.primaryKey())
        .addColumn('id', 'text', (c) => c.notNull().unique())
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('created_by', 'text', (c) => c.notNull())
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addColumn('deleted_at', types.integer)
        .addColumn('properties', types.blob, (c) => c.notNull())
        .addColumn('version', types.integer, (c) => c.notNull())
        .addColumn('last_message_id', types.integer, (c) => c.notNull())
        .addColumn('last_sequence', types.integer, (c) => c.notNull())
        .addColumn('retention_armed', types.integer, (c) => c.notNull())
        .execute();
      await db.schema.createIndex('chat_threads_by_resource').on('chat_threads').columns(['resource_id', 'no']).execute();
      await db.schema
        .createTable('chat_participants')
        .addColumn('thread_no', types.integer, (c) => c.notNull())
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addColumn('profile', types.blob, (c) => c.notNull())
        .addColumn('history_from', types.integer, (c) => c.notNull())
        .addColumn('removed_after', types.integer)
        .addPrimaryKeyConstraint('chat_participants_key', ['thread_no', 'user_id'])
        .execute();
      await db.schema.createIndex('chat_participants_by_user').on('chat_participants').columns(['user_id', 'thread_no']).execute();
      await db.schema
        .createTable('chat_messages')
        .addColumn('thread_no', types.integer, (c) => c.notNull())
        .addColumn('id', types.integer, (c) => c.notNull())
        .addColumn('sequence', types.integer, (c) => c.notNull())
        .addColumn('version', types.integer, (c) => c.notNull())
        .addColumn('type', 'text', (c) => c.notNull())
        .addColumn('sender', 'text')
        .addColumn('content', types.blob, (c) => c.notNull())
        .addColumn('edited_at', types.integer)
        .addColumn('deleted_at', types.integer)
        .addPrimaryKeyConstraint('chat_messages_key', ['thread_no', 'id'])
        .execute();
    },
  },
  {
    name: 'chat/0002-read-receipts',
    up: async (db, types) => {
      await db.schema
        .createTable('chat_read_receipts')
        .addColumn('thread_no', types.integer, (c) => c.notNull())
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addColumn('message_id', types.integer, (c) => c.notNull())
        .addColumn('read_at', types.integer, (c) => c.notNull())
        .addPrimaryKeyConstraint('chat_read_receipts_key', ['thread_no', 'user_id'])
        .execute();
    },
  },
  {
    name: 'chat/0003-retention',
    up: async (db, types) => {
      await db.schema.alterTable('chat_threads').addColumn('message_days', types.integer).execute();
      await db.schema.alterTable('chat_threads').addColumn('deleted_reason', 'text').execute();
    },
  },
  {
    name: 'chat/0004-resource-retention',
    up: async (db, types) => {
      await db.schema
        .createTable('chat_resource_retention')
        .addColumn('resource_id', 'text', (c) => c.primaryKey())
        .addColumn('days', types.integer)
        .execute();
    },
  },
  {
    name: 'chat/0005-threads-by-state',
    up: async ({ schema }) => {
      const threads = (name: string) => schema.createIndex(name).on('chat_threads').columns(['resource_id', 'no']);
      const deletedAt = sql.ref('deleted_at');
      await threads('chat_threads_deleted').where(deletedAt, 'is not', null).execute();
      await threads('chat_threads_live').where(deletedAt, 'is', null).execute();
    },
  },
  {
    name: 'chat/0006-connected-users',
    up: async ({ schema }) => {
      await schema
        .createTable('chat_connected_users')
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('chat_connected_users_key', ['resource_id', 'user_id'])
        .execute();
    },
  },
];
