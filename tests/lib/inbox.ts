const DEFAULT_TIMEOUT_MS = 15_000;

interface Waiting<T> {
  readonly matches: (item: T) => boolean;
  readonly resolve: (item: T) => void;
}

/** Things that arrive by themselves, kept until a test asks for them. Each is handed out once. */
export class Inbox<T> {
  /** Everything that ever arrived, in order. */
  readonly all: T[] = [];
  readonly #name: string;
  #untaken: T[] = [];
  #waiting: Waiting<T>[] = [];

  /** @param name what is waited for, as the time-out tells it */
  constructor(name: string) {
    this.#name = name;
  }

  put(item: T): void {
    this.all.push(item);
    const taker = this.#waiting.find(({ matches }) => matches(item));
    if (taker === undefined) {
      this.#untaken.push(item);
      return;
    }
    this.#waiting = this.#waiting.filter((other) => other !== taker);
    taker.resolve(item);
  }

  /** The first item that matches and was not taken yet, now or when it comes. @throws Error when none comes in time */
  async take(matches: (item: T) => boolean = () => true, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<T> {
    const found = this.#untaken.find(matches);
    if (found !== undefined) {
      this.#untaken = this.#untaken.filter((item) => item !== found);
      return found;
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = setTimeout(() => {
      const arrived = JSON.stringify(this.all.slice(-5)).slice(0, 2_000);
      reject(new Error(`waited ${timeoutMs} ms for ${this.#name}; ${this.all.length} came, the last: ${arrived}`));
    }, timeoutMs);
    this.#waiting.push({ matches, resolve });
    return promise.finally(() => clearTimeout(timer));
  }
}
