import { createHash } from 'node:crypto';
import { type Random, uuid } from './random.ts';

/** What has ids. Each kind has a sequence of its own: what one draws does not move another. */
export type IdKind =
  'resource' | 'user' | 'thread' | 'work' | 'event' | 'unheardEvent' | 'phoneNumberSearch' | 'phoneNumberOperation' | 'sms';

/**
 * Gives ids to what is stored. Everybody may know ids, so a seed may make them repeatable; keys, nonces, tokens and
 * session ids come from {@link Random}, which this is deliberately not.
 */
export interface Ids {
  uuid(kind: IdKind): string;
  bytes(kind: IdKind, length: number): Buffer;
}

/** Ids that nobody can guess. */
export class RandomIds implements Ids {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  uuid(): string {
    return uuid(this.#random);
  }

  bytes(_kind: IdKind, length: number): Buffer {
    return this.#random.bytes(length);
  }
}

/** Where a sequence of seeded ids stands. Plain data, may be stored. */
export interface IdPositions {
  /** How often a server had started on the same state before. */
  readonly start: number;
  /** Ids drawn since then. */
  readonly drawn: Readonly<Record<string, number>>;
}

/** The same ids for the same seed, in the order in which they are drawn: for tests only, since everybody can tell the next. */
export class SeededIds implements Ids {
  readonly #seed: number;
  #start = 0;
  #drawn = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  uuid(kind: IdKind): string {
    return uuid({ bytes: (length) => this.bytes(kind, length) });
  }

  bytes(kind: IdKind, length: number): Buffer {
    const count = (this.#drawn.get(kind) ?? 0) + 1;
    this.#drawn.set(kind, count);
    const place = JSON.stringify([this.#seed, this.#start, kind, count]);
    return createHash('shake256', { outputLength: length }).update(place).digest();
  }

  get positions(): IdPositions {
    return { start: this.#start, drawn: Object.fromEntries(this.#drawn) };
  }

  goOnAt({ start, drawn }: IdPositions): void {
    this.#start = start;
    this.#drawn = new Map(Object.entries(drawn));
  }
}
