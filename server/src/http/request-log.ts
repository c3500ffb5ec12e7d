/** One request as it came in and was answered; what `GET /admin/requests` shows. Holds no body and no credential. */
export interface RequestRecord {
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly resource?: string;
  readonly caller?: string;
  readonly code?: string;
  /** Name of the rule that refused, e.g. `token.expired`. */
  readonly rule?: string;
  readonly target?: string;
  readonly cause?: string;
  readonly cure?: string;
}

/** Entries kept; the oldest give way. About 1 kB each at most. */
const CAPACITY = 5_000;

/** The last requests, in memory: a ring for browsing and an index for `switchboard why`. */
export class RequestLog {
  readonly #ring: (RequestRecord | undefined)[] = new Array<RequestRecord | undefined>(CAPACITY).fill(undefined);
  readonly #byId = new Map<string, RequestRecord>();
  #next = 0;

  add(record: RequestRecord): void {
    const old = this.#ring[this.#next];
    if (old !== undefined) this.#byId.delete(old.id);
    this.#ring[this.#next] = record;
    this.#byId.set(record.id, record);
    this.#next = (this.#next + 1) % CAPACITY;
  }

  find(id: string): RequestRecord | undefined {
    return this.#byId.get(id);
  }

  /** Newest first. */
  list(filter: { readonly limit: number; readonly refusedOnly: boolean }): RequestRecord[] {
    const found: RequestRecord[] = [];
    for (let i = 1; i <= CAPACITY && found.length < filter.limit; i++) {
      const record = this.#ring[(this.#next - i + CAPACITY) % CAPACITY];
      if (record === undefined) break;
      if (!filter.refusedOnly || record.status >= 400) found.push(record);
    }
    return found;
  }

  clear(): void {
    this.#ring.fill(undefined);
    this.#byId.clear();
    this.#next = 0;
  }
}
