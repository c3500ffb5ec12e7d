/** Whoever is sent something and takes it slowly. */
export interface SlowReader {
  /** Bytes that wait for it at this moment. */
  readonly bufferedBytes: number;
  /** Ends it, and lets go of what waits for it. */
  cut(): void;
}

/** How much of the bound may be left when readers were cut, so that the next byte does not cut again. */
const RELIEVED = 0.75;

/**
 * What waits in memory for all clients of the server that do not read, whatever carries it. Each of them has a bound of its own; this one is
 * for thousands that stay just below theirs. Those who have taken nothing for the longest time go first: for who has only just asked for much,
 * much waits as well.
 */
export class Backlog {
  readonly #maxBytes: number;
  /** With what was noted last, by now some of it may have been taken; who has taken something is last. */
  readonly #waiting = new Map<SlowReader, number>();
  #bytes = 0;

  /** @param maxBytes `Infinity` for without bound */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What waited when it was noted, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * To be called whenever more waits for a reader, and when nothing does any more. May cut any of the readers, this one included.
   *
   * @param bytes that wait for it, 0 to forget it
   */
  note(reader: SlowReader, bytes: number): void {
    this.#set(reader, bytes);
    if (this.#bytes > this.#maxBytes) this.#relieve();
  }

  #set(reader: SlowReader, bytes: number): void {
    this.#bytes += bytes - (this.#waiting.get(reader) ?? 0);
    const hasTakenSome = bytes < (this.#waiting.get(reader) ?? 0);
    if (hasTakenSome) this.#waiting.delete(reader);
    if (bytes > 0) this.#waiting.set(reader, bytes);
  }

  #relieve(): void {
    for (const reader of [...this.#waiting.keys()]) this.#set(reader, reader.bufferedBytes);
    for (const reader of [...this.#waiting.keys()]) {
      if (this.#bytes <= this.#maxBytes * RELIEVED) return;
      this.#set(reader, 0);
      reader.cut();
    }
  }
}
