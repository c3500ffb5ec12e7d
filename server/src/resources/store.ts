import type { LimitsOptions } from '../limits/index.ts';
import { type KeyRing, type Migration, type Reader, pick, statement, type Transaction } from '../storage/index.ts';

export interface ResourceRow {
  readonly id: string;
  readonly name: string;
  readonly tier: string;
  readonly dataLocation: string;
  readonly createdAtMs: number;
  readonly primary: StoredKey;
  readonly secondary: StoredKey;
  /** Undefined for the server's. */
  readonly limits: LimitsOptions | undefined;
  /** Days a chat message is kept, `Infinity` for without end; undefined where the limits decide. */
  readonly messageDays: number | undefined;
}

/** An access key: version and base64 text. */
export interface StoredKey {
  readonly version: number;
  readonly key: string;
}

interface Tables {
  resources: {
    id: string;
    name: string;
    tier: string;
    data_location: string;
    created_at: number;
    keys: Uint8Array;
    limits: string | null;
    /** 0 for without end, null where the limits decide. */
    message_days: number | null;
  };
}

export const resourceMigrations: readonly Migration[] = [
  {
    name: 'resources/0001-resources',
    up: async (db, types) => {
      await db.schema
        .createTable('resources')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('name', 'text', (c) => c.notNull().unique())
        .addColumn('tier', 'text', (c) => c.notNull())
        .addColumn('data_location', 'text', (c) => c.notNull())
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addColumn('keys', types.blob, (c) => c.notNull())
        .addColumn('limits', 'text')
        .execute();
    },
  },
  {
    name: 'resources/0002-message-retention',
    up: async (db, types) => {
      await db.schema.alterTable('resources').addColumn('message_days', types.integer).execute();
    },
  },
];

const sql = statement<Tables>();
const selectAll = sql((db, _: Record<never, never>) => db.selectFrom('resources').selectAll().orderBy('created_at').orderBy('id'));
const insert = sql((db, p: Tables['resources']) =>
  db.insertInto('resources').values(pick(p, 'id', 'name', 'tier', 'data_location', 'created_at', 'keys', 'limits', 'message_days')),
);
const updateKeys = sql((db, p: { id: string; keys: Uint8Array }) =>
  db.updateTable('resources').set({ keys: p.keys }).where('id', '=', p.id),
);
const updateSettings = sql((db, p: { id: string; limits: string | null; message_days: number | null }) =>
  db.updateTable('resources').set({ limits: p.limits, message_days: p.message_days }).where('id', '=', p.id),
);
const remove = sql((db, p: { id: string }) => db.deleteFrom('resources').where('id', '=', p.id));

/** Resources at rest; access keys are sealed. */
export class ResourceStore {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  async all(read: Reader): Promise<ResourceRow[]> {
    return (await read.all(selectAll, {})).map((row) => {
      const keys = JSON.parse(this.#keys.unseal(row.keys, aad(row.id)).toString('utf8')) as Pick<ResourceRow, 'primary' | 'secondary'>;
      return {
        id: row.id,
        name: row.name,
        tier: row.tier,
        dataLocation: row.data_location,
        createdAtMs: row.created_at,
        // Written by `settingsOf` below, from checked options.
        limits: row.limits === null ? undefined : (JSON.parse(row.limits) as LimitsOptions),
        messageDays: row.message_days === null ? undefined : row.message_days || Infinity,
        ...keys,
      };
    });
  }

  async insert(tx: Transaction, row: ResourceRow): Promise<void> {
    await tx.run(insert, {
      id: row.id,
      name: row.name,
      tier: row.tier,
      data_location: row.dataLocation,
      created_at: row.createdAtMs,
      keys: this.#seal(row),
      ...settingsOf(row),
    });
  }

  async updateKeys(tx: Transaction, row: ResourceRow): Promise<void> {
    await tx.run(updateKeys, { id: row.id, keys: this.#seal(row) });
  }

  async updateSettings(tx: Transaction, row: ResourceRow): Promise<void> {
    await tx.run(updateSettings, { id: row.id, ...settingsOf(row) });
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    await tx.run(remove, { id });
  }

  #seal(row: ResourceRow): Buffer {
    return this.#keys.seal(JSON.stringify({ primary: row.primary, secondary: row.secondary }), aad(row.id));
  }
}

function aad(id: string): string {
  return `resource ${id}`;
}

function settingsOf({ limits, messageDays }: ResourceRow): Pick<Tables['resources'], 'limits' | 'message_days'> {
  return {
    limits: limits === undefined ? null : JSON.stringify(limits),
    message_days: messageDays === undefined ? null : messageDays === Infinity ? 0 : messageDays,
  };
}
