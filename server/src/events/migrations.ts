import type { Migration } from '../storage/index.ts';

export interface EventTables {
  event_subscriptions: {
    id: string;
    /** Id of the resource or custom topic whose events are meant. */
    source_id: string;
    name: string;
    /** The name in lower case: names differ by more than case. */
    name_key: string;
    /** Sealed JSON: where the events go may hold a secret. */
    definition: Uint8Array;
    created_at: number;
  };
  event_deliveries: {
    id: string;
    subscription_id: string;
    /** Epoch milliseconds of the next attempt. */
    due_at: number;
    /** Failed attempts. */
    attempts: number;
    published_at: number;
    /** Sealed JSON of the event. */
    event: Uint8Array;
    /** Of the last attempt; null before the first. */
    last_attempt_at: number | null;
    last_outcome: string | null;
  };
  /** What was given up and waits to be kept where its subscription says. */
  event_dead_letters: {
    id: string;
    subscription_id: string;
    /** When it is written, or tried again. */
    due_at: number;
    /** From then on it is dropped. */
    drop_at: number;
    reason: string;
    attempts: number;
    published_at: number;
    last_attempt_at: number | null;
    last_outcome: string | null;
    /** Sealed JSON of the event. */
    event: Uint8Array;
  };
  /** Which process delivers for a subscription. */
  event_leases: {
    subscription_id: string;
    holder: string;
    /** Real epoch milliseconds. */
    expires_at: number;
  };
  event_topics: {
    id: string;
    /** `custom` or `system`. */
    kind: string;
    /** In lower case; unique for each kind. */
    name: string;
    /** Sealed JSON: a custom topic has keys. */
    definition: Uint8Array;
    created_at: number;
  };
}

export const eventMigrations: readonly Migration[] = [
  {
    name: 'events/0001-subscriptions-and-deliveries',
    up: async (db, types) => {
      await db.schema
        .createTable('event_subscriptions')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('source_id', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('name_key', 'text', (c) => c.notNull())
        .addColumn('definition', types.blob, (c) => c.notNull())
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addUniqueConstraint('event_subscriptions_by_name', ['source_id', 'name_key'])
        .execute();
      await db.schema
        .createTable('event_deliveries')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('subscription_id', 'text', (c) => c.notNull())
        .addColumn('due_at', types.integer, (c) => c.notNull())
        .addColumn('attempts', types.integer, (c) => c.notNull())
        .addColumn('published_at', types.integer, (c) => c.notNull())
        .addColumn('event', types.blob, (c) => c.notNull())
        .execute();
      await db.schema.createIndex('event_deliveries_by_time').on('event_deliveries').columns(['subscription_id', 'due_at', 'id']).execute();
    },
  },
  {
    name: 'events/0002-topics',
    up: async (db, types) => {
      await db.schema
        .createTable('event_topics')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('definition', types.blob, (c) => c.notNull())
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addUniqueConstraint('event_topics_by_name', ['kind', 'name'])
        .execute();
    },
  },
  {
    name: 'events/0003-outcomes-dead-letters-and-leases',
    // Leases are about processes: neither a reset nor a snapshot says anything of them.
    installation: ['event_leases'],
    up: async (db, types) => {
      await db.schema.alterTable('event_deliveries').addColumn('last_attempt_at', types.integer).execute();
      await db.schema.alterTable('event_deliveries').addColumn('last_outcome', 'text').execute();
      await db.schema
        .createTable('event_dead_letters')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('subscription_id', 'text', (c) => c.notNull())
        .addColumn('due_at', types.integer, (c) => c.notNull())
        .addColumn('drop_at', types.integer, (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('attempts', types.integer, (c) => c.notNull())
        .addColumn('published_at', types.integer, (c) => c.notNull())
        .addColumn('last_attempt_at', types.integer)
        .addColumn('last_outcome', 'text')
        .addColumn('event', types.blob, (c) => c.notNull())
        .execute();
      const index = db.schema.createIndex('event_dead_letters_by_time').on('event_dead_letters');
      await index.columns(['subscription_id', 'due_at', 'id']).execute();
      await db.schema
        .createTable('event_leases')
        .addColumn('subscription_id', 'text', (c) => c.primaryKey())
        .addColumn('holder', 'text', (c) => c.notNull())
        .addColumn('expires_at', types.integer, (c) => c.notNull())
        .execute();
    },
  },
];
