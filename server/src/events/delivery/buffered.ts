/** Bytes of events that lanes hold in memory in the whole server. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Counts what all lanes hold. When it is too much, they leave events in the store until they attempt them. */
export class Buffered {
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  get isFull(): boolean {
    return this.#bytes >= this.#mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
  }
}
