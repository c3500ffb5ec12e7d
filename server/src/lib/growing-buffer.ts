const EMPTY = Buffer.alloc(0);
const FIRST_CAPACITY = 256;

/**
 * Bytes gathered from many chunks into one buffer. Memory follows what has arrived, at most twice that: a list of chunks
 * would cost a hundred bytes for each byte of a client that sends them one by one, and reserving the announced length
 * would let a few bytes claim megabytes.
 */
export class GrowingBuffer {
  #bytes = EMPTY;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What has been gathered: a view, valid until the next call that changes it. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** @param limit the most bytes this buffer will ever hold: growth stops there */
  append(chunk: Buffer, limit: number): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) this.#grow(length, limit);
    chunk.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  clear(): void {
    this.#bytes = EMPTY;
    this.#length = 0;
  }

  #grow(length: number, limit: number): void {
    const doubled = Math.max(FIRST_CAPACITY, this.#bytes.length * 2);
    const grown = Buffer.allocUnsafe(Math.max(length, Math.min(limit, doubled)));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
