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
];
