import { GrowingBuffer } from '../../lib/growing-buffer.ts';
import { HEADER_BYTES } from './field.ts';

/** Where a whole PDU lies: in the chunk it came with, or copied together when it came in pieces. */
export interface Frame {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

const EMPTY = Buffer.alloc(0);
const LENGTH_BYTES = 4;

/**
 * Cuts a stream of bytes into PDUs by their `command_length` (SMPP 3.4 section 3.2), one at a time as it is asked for them:
 * who has enough to do leaves the rest here. Only what is cut by the end of a chunk is copied.
 */
export class Splitter {
  readonly #maxPduBytes: number;
  #chunk: Buffer = EMPTY;
  #at = 0;
  /** The start of a PDU whose end has not arrived. */
  readonly #held = new GrowingBuffer();
  #failure: string | undefined;

  constructor(maxPduBytes: number) {
    this.#maxPduBytes = maxPduBytes;
  }

  /** What made further reading impossible: nobody can tell where the next PDU begins. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** @param chunk the next bytes from the wire, once {@link next} has found no more in those before */
  push(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** The next whole PDU; undefined when it has not arrived yet, or after a {@link failure}. */
  next(): Frame | undefined {
    if (this.#failure !== undefined) return undefined;
    if (this.#held.length > 0) return this.#complete();
    const left = this.#chunk.length - this.#at;
    const length = left < LENGTH_BYTES ? LENGTH_BYTES : this.#lengthAt(this.#chunk, this.#at);
    if (length === undefined) return undefined;
    if (left < length || left < LENGTH_BYTES) {
      this.#hold(left, length);
      return undefined;
    }
    this.#at += length;
    return { bytes: this.#chunk, start: this.#at - length, end: this.#at };
  }

  /** Lets go of everything. */
  clear(): void {
    this.#chunk = EMPTY;
    this.#at = 0;
    this.#held.clear();
  }

  /** Takes from the chunk just what the held PDU lacks. */
  #complete(): Frame | undefined {
    if (this.#held.length < LENGTH_BYTES && !this.#fill(LENGTH_BYTES)) return undefined;
    const length = this.#lengthAt(this.#held.bytes, 0);
    if (length === undefined || !this.#fill(length)) return undefined;
    const { bytes } = this.#held;
    this.#held.clear();
    return { bytes, start: 0, end: length };
  }

  /** @returns whether so many bytes are held now */
  #fill(length: number): boolean {
    this.#hold(Math.min(length - this.#held.length, this.#chunk.length - this.#at), length);
    return this.#held.length === length;
  }

  #hold(bytes: number, limit: number): void {
    if (bytes > 0) this.#held.append(this.#chunk.subarray(this.#at, this.#at + bytes), limit);
    this.#at += bytes;
    if (this.#at === this.#chunk.length) this.push(EMPTY);
  }

  #lengthAt(bytes: Buffer, at: number): number | undefined {
    const length = bytes.readUInt32BE(at);
    if (length >= HEADER_BYTES && length <= this.#maxPduBytes) return length;
    this.#failure = `a PDU claims ${length} octets, and may have from ${HEADER_BYTES} to ${this.#maxPduBytes}`;
    this.clear();
    return undefined;
  }
}
