import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Random } from '../../lib/random.ts';
import type { SqlEngine, Transaction } from '../engine.ts';
import { UnavailableError } from '../errors.ts';
import type { Migration } from '../migrations.ts';
import { pick, statement } from '../statement.ts';
import { decrypt, encrypt } from './cipher.ts';
import type { MasterKey } from './master-key.ts';

interface KeyTables {
  data_keys: { id: number; wrapped: Uint8Array; reserved: number };
}

export const keyRingMigrations: readonly Migration[] = [
  {
    name: 'storage/0001-data-keys',
    installation: ['data_keys'],
    up: async (db, types) => {
      await db.schema
        .createTable('data_keys')
        .addColumn('id', types.integer, (c) => c.primaryKey())
        .addColumn('wrapped', types.blob, (c) => c.notNull())
        .addColumn('reserved', types.integer, (c) => c.notNull())
        .execute();
    },
  },
];

const sql = statement<KeyTables>();
const allKeys = sql((db, _: Record<never, never>) => db.selectFrom('data_keys').selectAll().orderBy('id'));
const insertKey = sql((db, p: { id: number; wrapped: Uint8Array; reserved: number }) =>
  db.insertInto('data_keys').values(pick(p, 'id', 'wrapped', 'reserved')),
);
const reserve = sql((db, p: { id: number; reserved: number }) =>
  db.updateTable('data_keys').set({ reserved: p.reserved }).where('id', '=', p.id),
);

/** Seals allowed under one data key, by its random 96-bit nonces (NIST SP 800-38D section 8.3). */
const MAX_SEALS = 2 ** 32;
/** Seals taken from that allowance by each start, and again whenever half of them are used up. */
const RESERVATION = 2 ** 24;

export interface KeyRingOptions {
  readonly master: MasterKey;
  readonly random: Random;
  /** Seals taken at a time; fewer make a test of running out short. */
  readonly reservation?: number;
}

const WRAP_PURPOSE = 'data-key wrapping';
const FORMAT = 1;
const HEADER_BYTES = 5;

/**
 * Seals text and bytes for storage under data keys, which are themselves stored wrapped under the master key. Layout:
 * format (1 byte), data key id (4 bytes, big endian), nonce (12), ciphertext, tag (16).
 */
export class KeyRing {
  readonly #engine: SqlEngine;
  readonly #wrapping: KeyObject;
  readonly #random: Random;
  readonly #reservation: number;
  readonly #keys = new Map<number, KeyObject>();
  #current = 0;
  #currentKey: KeyObject | undefined;
  #header: Buffer = Buffer.alloc(HEADER_BYTES);
  #left = 0;
  #refilling = false;

  private constructor(engine: SqlEngine, { master, random, reservation = RESERVATION }: KeyRingOptions) {
    this.#engine = engine;
    this.#wrapping = master.derive(WRAP_PURPOSE);
    this.#random = random;
    this.#reservation = reservation;
  }

  /** @throws Error when the stored keys were wrapped under another master key */
  static async open(engine: SqlEngine, options: KeyRingOptions): Promise<KeyRing> {
    const ring = new KeyRing(engine, options);
    for (const row of await engine.all(allKeys, {})) ring.#keys.set(row.id, ring.#unwrap(row.id, row.wrapped));
    await ring.#take();
    return ring;
  }

  /**
   * @param aad where the bytes will be stored (ids); {@link unseal} needs the same
   * @throws UnavailableError when the reserved seals are used up and no more could be reserved
   */
  seal(plain: Uint8Array | string, aad: string): Buffer {
    if (this.#left <= this.#reservation / 2 && !this.#refilling) void this.#refill();
    if (this.#left <= 0 || this.#currentKey === undefined) throw new UnavailableError('busy');
    this.#left -= 1;
    return encrypt(this.#currentKey, plain, { aad, random: this.#random, header: this.#header });
  }

  /** @throws Error when the bytes were changed, moved, or their key is missing */
  unseal(sealed: Uint8Array, aad: string): Buffer {
    const view = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (view.length < HEADER_BYTES || view[0] !== FORMAT) throw new Error('unknown format of sealed bytes');
    const key = this.#keys.get(view.readUInt32BE(1));
    if (key === undefined) throw new Error(`data key ${view.readUInt32BE(1)} is missing`);
    return decrypt(key, view.subarray(HEADER_BYTES), aad);
  }

  async #refill(): Promise<void> {
    this.#refilling = true;
    try {
      await this.#take();
    } catch {
      // The database is away or full. Half a reservation is left, and the next seal tries again.
    } finally {
      this.#refilling = false;
    }
  }

  /** Reserves seals of the newest key, or of a new one when its allowance is spent. */
  async #take(): Promise<void> {
    const taken = await this.#engine.write(async (tx) => {
      const newest = (await tx.all(allKeys, {})).at(-1);
      if (newest !== undefined && newest.reserved + this.#reservation <= MAX_SEALS) {
        await tx.run(reserve, { id: newest.id, reserved: newest.reserved + this.#reservation });
        return { id: newest.id, key: this.#unwrap(newest.id, newest.wrapped) };
      }
      return this.#create(tx, (newest?.id ?? 0) + 1);
    });
    this.#keys.set(taken.id, taken.key);
    this.#left = this.#current === taken.id ? this.#left + this.#reservation : this.#reservation;
    this.#current = taken.id;
    this.#currentKey = taken.key;
    const header = Buffer.alloc(HEADER_BYTES);
    header[0] = FORMAT;
    header.writeUInt32BE(taken.id, 1);
    this.#header = header;
  }

  async #create(tx: Transaction, id: number): Promise<{ id: number; key: KeyObject }> {
    const bytes = this.#random.bytes(32);
    const wrapped = encrypt(this.#wrapping, bytes, { aad: `data-key ${id}`, random: this.#random });
    await tx.run(insertKey, { id, wrapped, reserved: this.#reservation });
    return { id, key: createSecretKey(bytes) };
  }

  #unwrap(id: number, wrapped: Uint8Array): KeyObject {
    try {
      return createSecretKey(decrypt(this.#wrapping, wrapped, `data-key ${id}`));
    } catch (cause) {
      throw new Error('the master key does not fit this data: restore the master.key that was in use when the data was written', { cause });
    }
  }
}
