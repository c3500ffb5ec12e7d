import type { Migration } from '../../storage/index.ts';

/** A number that is not free: held by a search or reservation, or owned. */
export interface NumberRow {
  /** In the E.164 form, or a short code. */
  readonly number: string;
  readonly resource_id: string;
  readonly country: string;
  readonly type: string;
  readonly assignment: string;
  readonly area_code: string;
  readonly calling: string;
  readonly sms: string;
  /** In cents of a US dollar. */
  readonly monthly_cents: number;
  /** Name of the carrier that carries it; null for the default. */
  readonly carrier: string | null;
  /** The search or reservation that holds it; null when it is owned. */
  readonly holder: string | null;
  /** Until when; null when it is owned or being purchased. */
  readonly held_until: number | null;
  /** Null while it is held. */
  readonly purchased_at: number | null;
  /** The long-running operation that is changing or releasing it. */
  readonly operation_id: string | null;
}

export interface SearchRow {
  readonly id: string;
  readonly resource_id: string;
  readonly country: string;
  readonly type: string;
  readonly assignment: string;
  readonly calling: string;
  readonly sms: string;
  readonly area_code: string | null;
  readonly quantity: number;
  readonly monthly_cents: number;
  readonly created_at: number;
  readonly expires_at: number;
  /** JSON list; null until it has run. */
  readonly numbers: string | null;
}

export interface OperationRow {
  readonly id: string;
  readonly resource_id: string;
  readonly type: string;
  readonly status: string;
  /** What it is about: a search, a reservation, a number. */
  readonly subject: string;
  /** What it needs to know beyond that, as JSON. */
  readonly detail: string;
  readonly created_at: number;
  readonly last_action_at: number;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

export interface ReservationRow {
  readonly resource_id: string;
  /** Chosen by whoever reserves. */
  readonly id: string;
  readonly created_at: number;
  readonly expires_at: number;
  /** `active`, `submitted` or `completed`. */
  readonly status: string;
  /** What it holds, or held last, as JSON. */
  readonly numbers: string;
  /** Of the purchase. */
  readonly operation_id: string | null;
}

export interface SipRow {
  readonly resource_id: string;
  /** JSON. */
  readonly definition: string;
}

export interface PhoneNumberTables {
  phone_numbers: NumberRow;
  phone_number_searches: SearchRow;
  phone_number_operations: OperationRow;
  phone_number_reservations: ReservationRow;
  sip_configurations: SipRow;
}

export const phoneNumberMigrations: readonly Migration[] = [
  {
    name: 'phone-numbers/0001-numbers',
    up: async (db, types) => {
      await db.schema
        .createTable('phone_numbers')
        .addColumn('number', 'text', (c) => c.primaryKey())
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('country', 'text', (c) => c.notNull())
        .addColumn('type', 'text', (c) => c.notNull())
        .addColumn('assignment', 'text', (c) => c.notNull())
        .addColumn('area_code', 'text', (c) => c.notNull())
        .addColumn('calling', 'text', (c) => c.notNull())
        .addColumn('sms', 'text', (c) => c.notNull())
        .addColumn('monthly_cents', types.integer, (c) => c.notNull())
        .addColumn('carrier', 'text')
        .addColumn('holder', 'text')
        .addColumn('held_until', types.integer)
        .addColumn('purchased_at', types.integer)
        .addColumn('operation_id', 'text')
        .execute();
      await db.schema.createIndex('phone_numbers_by_resource').on('phone_numbers').columns(['resource_id', 'number']).execute();
      await db.schema.createIndex('phone_numbers_by_area').on('phone_numbers').columns(['country', 'type', 'area_code']).execute();
      await db.schema.createIndex('phone_numbers_by_holder').on('phone_numbers').column('holder').execute();
      await db.schema
        .createTable('phone_number_searches')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('country', 'text', (c) => c.notNull())
        .addColumn('type', 'text', (c) => c.notNull())
        .addColumn('assignment', 'text', (c) => c.notNull())
        .addColumn('calling', 'text', (c) => c.notNull())
        .addColumn('sms', 'text', (c) => c.notNull())
        .addColumn('area_code', 'text')
        .addColumn('quantity', types.integer, (c) => c.notNull())
        .addColumn('monthly_cents', types.integer, (c) => c.notNull())
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addColumn('expires_at', types.integer, (c) => c.notNull())
        .addColumn('numbers', 'text')
        .execute();
      await db.schema.createIndex('phone_number_searches_by_time').on('phone_number_searches').column('created_at').execute();
      await db.schema.createIndex('phone_number_searches_by_resource').on('phone_number_searches').column('resource_id').execute();
      await db.schema
        .createTable('phone_number_operations')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('type', 'text', (c) => c.notNull())
        .addColumn('status', 'text', (c) => c.notNull())
        .addColumn('subject', 'text', (c) => c.notNull())
        .addColumn('detail', 'text', (c) => c.notNull())
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addColumn('last_action_at', types.integer, (c) => c.notNull())
        .addColumn('error_code', 'text')
        .addColumn('error_message', 'text')
        .execute();
      await db.schema.createIndex('phone_number_operations_by_time').on('phone_number_operations').column('created_at').execute();
      await db.schema.createIndex('phone_number_operations_by_resource').on('phone_number_operations').column('resource_id').execute();
    },
  },
  {
    name: 'phone-numbers/0002-reservations',
    up: async (db, types) => {
      await db.schema
        .createTable('phone_number_reservations')
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('id', 'text', (c) => c.notNull())
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addColumn('expires_at', types.integer, (c) => c.notNull())
        .addColumn('status', 'text', (c) => c.notNull())
        .addColumn('numbers', 'text', (c) => c.notNull())
        .addColumn('operation_id', 'text')
        .addPrimaryKeyConstraint('phone_number_reservations_key', ['resource_id', 'id'])
        .execute();
      await db.schema.createIndex('phone_number_reservations_by_time').on('phone_number_reservations').column('created_at').execute();
    },
  },
  {
    name: 'phone-numbers/0003-sip',
    up: async (db) => {
      await db.schema
        .createTable('sip_configurations')
        .addColumn('resource_id', 'text', (c) => c.primaryKey())
        .addColumn('definition', 'text', (c) => c.notNull())
        .execute();
    },
  },
];
