import { type KeyRing, pick, type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { SmsTables } from './migrations.ts';

const sql = statement<SmsTables>();
type Row = SmsTables['sms_pieces'];
type Key = Pick<Row, 'carrier' | 'sender' | 'recipient' | 'reference' | 'total'>;

/** A segment that a carrier delivers twice is kept once. */
const insert = sql((db, p: Row) =>
  db
    .insertInto('sms_pieces')
    .values(pick(p, 'carrier', 'sender', 'recipient', 'reference', 'total', 'number', 'resource_id', 'expires_at', 'content'))
    .onConflict((c) => c.columns(['carrier', 'sender', 'recipient', 'reference', 'total', 'number']).doNothing()),
);
const ofMessage = sql((db, p: Key) =>
  db
    .selectFrom('sms_pieces')
    .selectAll()
    .where('carrier', '=', p.carrier)
    .where('sender', '=', p.sender)
    .where('recipient', '=', p.recipient)
    .where('reference', '=', p.reference)
    .where('total', '=', p.total)
    .orderBy('number'),
);
const remove = sql((db, p: Key) =>
  db
    .deleteFrom('sms_pieces')
    .where('carrier', '=', p.carrier)
    .where('sender', '=', p.sender)
    .where('recipient', '=', p.recipient)
    .where('reference', '=', p.reference)
    .where('total', '=', p.total),
);
const expired = sql((db, p: { now: number; limit: number }) =>
  db.selectFrom('sms_pieces').selectAll().where('expires_at', '<=', p.now).orderBy('expires_at').limit(p.limit),
);

const firstExpiry = sql((db, _: Record<never, never>) =>
  db.selectFrom('sms_pieces').select((eb) => eb.fn.min<number | null>('expires_at').as('expires_at')),
);

/** What the pieces of a message have in common. */
export interface PieceKey {
  readonly carrier: string;
  /** The phone. */
  readonly from: string;
  readonly to: string;
  readonly reference: number;
  readonly total: number;
}

export interface Piece extends PieceKey {
  /** From 1 on. */
  readonly number: number;
  readonly resourceId: string;
  readonly expiresAtMs: number;
  readonly text: string;
}

/** Segments of messages from phones that wait for the others. */
export class PieceStore {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  async put(tx: Transaction, piece: Piece): Promise<void> {
    await tx.run(insert, {
      ...keyOf(piece),
      number: piece.number,
      resource_id: piece.resourceId,
      expires_at: piece.expiresAtMs,
      content: this.#keys.seal(JSON.stringify(piece.text), placeOf(piece)),
    });
  }

  /** The pieces of a message that are there, in their order. */
  async of(read: Reader, key: PieceKey): Promise<Piece[]> {
    return (await read.all(ofMessage, keyOf(key))).map((row) => this.#open(row));
  }

  async remove(tx: Transaction, key: PieceKey): Promise<void> {
    await tx.run(remove, keyOf(key));
  }

  /** Pieces whose time is over, the oldest first. */
  async expired(read: Reader, nowMs: number, limit: number): Promise<Piece[]> {
    return (await read.all(expired, { now: nowMs, limit })).map((row) => this.#open(row));
  }

  async firstExpiryMs(read: Reader): Promise<number | undefined> {
    return (await read.get(firstExpiry, {}))?.expires_at ?? undefined;
  }

  #open(row: Row): Piece {
    const { carrier, sender: from, recipient: to, reference, total, number, resource_id: resourceId, expires_at: expiresAtMs } = row;
    const key = { carrier, from, to, reference, total, number };
    // Written by `put`.
    const text = JSON.parse(this.#keys.unseal(row.content, placeOf(key)).toString('utf8')) as string;
    return { ...key, resourceId, expiresAtMs, text };
  }
}

function keyOf({ carrier, from, to, reference, total }: PieceKey): Key {
  return { carrier, sender: from, recipient: to, reference, total };
}

function placeOf({ carrier, from, to, reference, total, number }: PieceKey & { readonly number: number }): string {
  return `sms piece ${JSON.stringify([carrier, from, to, reference, total, number])}`;
}
