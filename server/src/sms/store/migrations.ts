import type { Migration } from '../../storage/index.ts';

export interface SmsTables {
  /** Messages on their way out, and what became of them. */
  sms_messages: {
    /** Rises with the time of sending, see `message-number.ts`. */
    no: number;
    resource_id: string;
    message_id: string;
    sender: string;
    recipient: string;
    carrier: string;
    /** The carrier, as long as it has not taken the message; then null. */
    lane: string | null;
    state: string;
    segments: number;
    /** Segments that a receipt was told of. */
    succeeded: number;
    failed: number;
    wants_report: number;
    created_at: number;
    submitted_at: number | null;
    concluded_at: number | null;
    /** When it fails unless its end is known by then; null from its end on. */
    due_at: number | null;
    code: number | null;
    /** What a carrier said of a failure. */
    detail: string | null;
    /** Sealed JSON: the text, and what else only the two ends may read. */
    content: Uint8Array;
  };
  /** Segments that a carrier has taken and not yet told the end of. */
  sms_segments: {
    carrier: string;
    carrier_id: string;
    message_no: number;
  };
  /** Requests by the ids with which they may be repeated. */
  sms_repeats: {
    /** Of the sending, so that old ones stand together: days since the epoch. */
    day: number;
    resource_id: string;
    request_id: string;
    message_id: string;
    /** Of what was to be sent. */
    fingerprint: string;
  };
  /** Phones that get no messages from a sender. */
  sms_opt_outs: {
    resource_id: string;
    sender: string;
    recipient: string;
    created_at: number;
  };
  /** Messages from phones. */
  sms_received: {
    /** Of the same sequence as those of `sms_messages`. */
    no: number;
    resource_id: string;
    message_id: string;
    sender: string;
    recipient: string;
    state: string;
    segments: number;
    received_at: number;
    /** Why it went no further. */
    detail: string | null;
    /** Sealed JSON: the text. */
    content: Uint8Array;
  };
  /** Segments of messages from phones, until the others are there or are not waited for any more. */
  sms_pieces: {
    carrier: string;
    sender: string;
    recipient: string;
    reference: number;
    total: number;
    number: number;
    resource_id: string;
    /** The same for all pieces of a message. */
    expires_at: number;
    /** Sealed text. */
    content: Uint8Array;
  };
}

export const smsMigrations: readonly Migration[] = [
  {
    name: 'sms/0001-messages',
    up: async (db, types) => {
      await db.schema
        .createTable('sms_messages')
        .addColumn('no', types.integer, (c) => c.primaryKey())
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('message_id', 'text', (c) => c.notNull())
        .addColumn('sender', 'text', (c) => c.notNull())
        .addColumn('recipient', 'text', (c) => c.notNull())
        .addColumn('carrier', 'text', (c) => c.notNull())
        .addColumn('lane', 'text')
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('segments', types.integer, (c) => c.notNull())
        .addColumn('succeeded', types.integer, (c) => c.notNull())
        .addColumn('failed', types.integer, (c) => c.notNull())
        .addColumn('wants_report', types.integer, (c) => c.notNull())
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addColumn('submitted_at', types.integer)
        .addColumn('concluded_at', types.integer)
        .addColumn('due_at', types.integer)
        .addColumn('code', types.integer)
        .addColumn('detail', 'text')
        .addColumn('content', types.blob, (c) => c.notNull())
        .execute();
      await db.schema.createIndex('sms_messages_by_resource').on('sms_messages').columns(['resource_id', 'no']).execute();
      // Of the messages that wait, however many are kept beside them.
      const lane = db.schema.createIndex('sms_messages_by_lane').on('sms_messages').columns(['lane', 'no']);
      await lane.where('lane', 'is not', null).execute();
      await db.schema.createIndex('sms_messages_due').on('sms_messages').column('due_at').where('due_at', 'is not', null).execute();
      await db.schema
        .createTable('sms_segments')
        .addColumn('carrier', 'text', (c) => c.notNull())
        .addColumn('carrier_id', 'text', (c) => c.notNull())
        .addColumn('message_no', types.integer, (c) => c.notNull())
        .addPrimaryKeyConstraint('sms_segments_key', ['carrier', 'carrier_id'])
        .execute();
      await db.schema.createIndex('sms_segments_by_message').on('sms_segments').column('message_no').execute();
      await db.schema
        .createTable('sms_repeats')
        .addColumn('day', types.integer, (c) => c.notNull())
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('request_id', 'text', (c) => c.notNull())
        .addColumn('message_id', 'text', (c) => c.notNull())
        .addColumn('fingerprint', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('sms_repeats_key', ['day', 'resource_id', 'request_id'])
        .execute();
    },
  },
  {
    name: 'sms/0002-received-and-opt-outs',
    up: async (db, types) => {
      await db.schema
        .createTable('sms_opt_outs')
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('sender', 'text', (c) => c.notNull())
        .addColumn('recipient', 'text', (c) => c.notNull())
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addPrimaryKeyConstraint('sms_opt_outs_key', ['resource_id', 'sender', 'recipient'])
        .execute();
      await db.schema
        .createTable('sms_received')
        .addColumn('no', types.integer, (c) => c.primaryKey())
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('message_id', 'text', (c) => c.notNull())
        .addColumn('sender', 'text', (c) => c.notNull())
        .addColumn('recipient', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('segments', types.integer, (c) => c.notNull())
        .addColumn('received_at', types.integer, (c) => c.notNull())
        .addColumn('detail', 'text')
        .addColumn('content', types.blob, (c) => c.notNull())
        .execute();
      await db.schema.createIndex('sms_received_by_resource').on('sms_received').columns(['resource_id', 'no']).execute();
      await db.schema
        .createTable('sms_pieces')
        .addColumn('carrier', 'text', (c) => c.notNull())
        .addColumn('sender', 'text', (c) => c.notNull())
        .addColumn('recipient', 'text', (c) => c.notNull())
        .addColumn('reference', types.integer, (c) => c.notNull())
        .addColumn('total', types.integer, (c) => c.notNull())
        .addColumn('number', types.integer, (c) => c.notNull())
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('expires_at', types.integer, (c) => c.notNull())
        .addColumn('content', types.blob, (c) => c.notNull())
        .addPrimaryKeyConstraint('sms_pieces_key', ['carrier', 'sender', 'recipient', 'reference', 'total', 'number'])
        .execute();
      await db.schema.createIndex('sms_pieces_by_expiry').on('sms_pieces').column('expires_at').execute();
    },
  },
];
