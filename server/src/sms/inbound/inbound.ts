import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import type { Timers } from '../../lib/timers.ts';
import type { MaybePromise, Storage, Transaction } from '../../storage/index.ts';
import type { ArrivedSegment } from '../carriers/carrier.ts';
import { CHANCE_BYTES, messageIdOf, type MessageNumbers } from '../message-number.ts';
import type { NumberDirectory, NumberOwner } from '../numbers.ts';
import type { OptOuts } from '../opt-outs/opt-outs.ts';
import { DueSweep } from '../queue/due-sweep.ts';
import type { ReceivedMessage } from '../received-message.ts';
import type { SmsFactListener } from '../sms-facts.ts';
import { type Piece, type PieceKey, PieceStore } from '../store/piece-store.ts';
import type { ReceivedStore } from '../store/received-store.ts';
import { possibleNumbers, readAddress } from './addresses.ts';
import { keywordOf } from './keywords.ts';
import { missingOf } from './pieces.ts';

export interface InboundOptions {
  readonly storage: Storage;
  readonly store: ReceivedStore;
  readonly messageNumbers: MessageNumbers;
  readonly numbers: NumberDirectory;
  readonly optOuts: OptOuts;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly log: Log;
  /** How long segments wait for the others. */
  readonly reassemblyMs: number;
  /** Writes many things that happen in one transaction; resolves when this one is durable. */
  readonly note: (write: (tx: Transaction) => Promise<void>) => Promise<void>;
  /** Tells the resource of a message, in the transaction. */
  readonly tell: (tx: Transaction, message: ReceivedMessage) => MaybePromise<void>;
  readonly announce: SmsFactListener;
}

/** A segment, with whom it is for. */
interface Addressed {
  readonly carrier: string;
  readonly segment: ArrivedSegment;
  readonly owner: NumberOwner;
}

type NewMessage = Pick<ReceivedMessage, 'resourceId' | 'from' | 'to' | 'text' | 'segments' | 'state' | 'detail'>;

const EXPIRED_AT_ONCE = 200;

/** Messages from phones: put together, kept, and told to the resource whose number they are for. */
export class Inbound {
  readonly #options: InboundOptions;
  readonly #pieces: PieceStore;
  readonly #expiry: DueSweep;

  constructor(options: InboundOptions) {
    this.#options = options;
    const { storage } = options;
    const pieces = new PieceStore(storage.keys);
    this.#pieces = pieces;
    this.#expiry = new DueSweep({
      ...options,
      what: 'incomplete messages',
      firstDueMs: () => pieces.firstExpiryMs(storage.read),
      sweepSome: (nowMs) => this.#giveUpSome(nowMs),
    });
  }

  start(): Promise<void> {
    return this.#expiry.start();
  }

  forget(): void {
    this.#expiry.forget();
  }

  close(): Promise<void> {
    return this.#expiry.close();
  }

  /** Whom a message to this number is for. @param to as a carrier writes it */
  async ownerOf(to: string): Promise<NumberOwner | undefined> {
    for (const number of possibleNumbers(to)) {
      const owner = await this.#options.numbers.ownerOf(number);
      if (owner !== undefined) return owner;
    }
    return undefined;
  }

  /** Takes a message, or a segment of one, from a carrier; resolves when it is durable. One for a number that nobody has goes nowhere. */
  async arrived(carrier: string, segment: ArrivedSegment): Promise<void> {
    const owner = await this.ownerOf(segment.to);
    if (owner === undefined) {
      this.#options.log.warn({ carrier }, 'a text message came for a number that nobody has, and is dropped');
      return;
    }
    await this.#options.note(async (tx) => {
      await this.take(tx, { carrier, segment, owner });
    });
  }

  /**
   * Takes a message, or a segment of one.
   *
   * @returns the message that it makes whole; undefined while others are missing
   */
  async take(tx: Transaction, { carrier, segment, owner }: Addressed): Promise<ReceivedMessage | undefined> {
    const { resourceId, owned } = owner;
    const { text, part } = segment;
    const ends = { resourceId, from: readAddress(segment.from), to: owned.phoneNumber };
    if (part === undefined || part.total === 1) return this.#receive(tx, owner, { ...ends, text, segments: 1, state: 'received' });
    const key: PieceKey = { carrier, from: ends.from, to: ends.to, reference: part.reference, total: part.total };
    const known = await this.#pieces.of(tx, key);
    const expiresAtMs = known[0]?.expiresAtMs ?? this.#options.clock.now() + this.#options.reassemblyMs;
    const others = known.filter(({ number }) => number !== part.number);
    const piece: Piece = { ...key, number: part.number, resourceId, expiresAtMs, text };
    if (others.length + 1 < part.total) {
      await this.#pieces.put(tx, piece);
      tx.afterCommit(() => this.#expiry.expect(expiresAtMs));
      return undefined;
    }
    await this.#pieces.remove(tx, key);
    const whole = joined([...others, piece]);
    return this.#receive(tx, owner, { ...ends, text: whole, segments: part.total, state: 'received' });
  }

  async #receive(tx: Transaction, { owned }: NumberOwner, message: NewMessage): Promise<ReceivedMessage> {
    const { tell, optOuts } = this.#options;
    if (!owned.sms.includes('inbound')) {
      const detail = `${owned.phoneNumber} takes no text messages: its SMS capability is ${owned.sms}`;
      this.#log('a text message came to a number that takes none, and is not delivered', message);
      return this.#keep(tx, { ...message, state: 'refused', detail });
    }
    const received = await this.#keep(tx, message);
    const { resourceId, from, to } = received;
    const keyword = keywordOf(received.text);
    if (keyword === 'stop') await optOuts.add(tx, { resourceId, sender: to, recipient: from });
    if (keyword === 'start') await optOuts.remove(tx, { resourceId, sender: to, recipient: from });
    await tell(tx, received);
    return received;
  }

  async #keep(tx: Transaction, message: NewMessage): Promise<ReceivedMessage> {
    const { store, messageNumbers, clock, ids, announce } = this.#options;
    const atMs = clock.now();
    const no = messageNumbers.next(atMs);
    const messageId = messageIdOf('Incoming', no, { atMs, chance: ids.bytes('sms', CHANCE_BYTES) });
    const received: ReceivedMessage = { ...message, no, messageId, receivedAtMs: atMs };
    await store.insert(tx, received);
    tx.afterCommit(() => announce({ kind: 'received', received }));
    return received;
  }

  /** Ends messages whose segments were waited for long enough. @returns whether there may be more */
  async #giveUpSome(nowMs: number): Promise<boolean> {
    const { storage } = this.#options;
    const expired = await this.#pieces.expired(storage.read, nowMs, EXPIRED_AT_ONCE);
    const messages = new Map(
      expired.map((piece) => [JSON.stringify([piece.carrier, piece.from, piece.to, piece.reference, piece.total]), piece]),
    );
    for (const piece of messages.values()) await storage.write((tx) => this.#giveUp(tx, piece));
    return expired.length === EXPIRED_AT_ONCE;
  }

  async #giveUp(tx: Transaction, piece: Piece): Promise<void> {
    const there = await this.#pieces.of(tx, piece);
    // Completed a moment ago.
    if (there.length === 0) return;
    await this.#pieces.remove(tx, piece);
    const { resourceId, from, to, total } = piece;
    const missing = missingOf(there, total);
    const detail = `${there.length} of ${total} segments came within ${this.#options.reassemblyMs / 1_000} s; missing: ${missing.join(', ')}`;
    const message = await this.#keep(tx, {
      resourceId,
      from,
      to,
      text: joined(there),
      segments: there.length,
      state: 'incomplete',
      detail,
    });
    this.#log('segments of a text message did not come in time, and it is not delivered', message, { total, missing });
  }

  #log(what: string, { resourceId }: NewMessage, more: object = {}): void {
    this.#options.log.warn({ resourceId, ...more }, what);
  }
}

function joined(pieces: readonly Piece[]): string {
  return pieces
    .toSorted((a, b) => a.number - b.number)
    .map(({ text }) => text)
    .join('');
}
