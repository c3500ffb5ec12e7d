import type { RequestDetail, RequestRecord } from '@switchboard/contract';
import type { Timers } from '../../lib/timers.ts';
import { Waiters } from '../../lib/waiters.ts';
import { httpErrors } from '../errors.ts';
import { type RequestEntry, weightOf } from './request-entry.ts';
import { matches, type RequestFilter } from './request-filter.ts';
import { detailOf, recordOf } from './request-record.ts';

export interface RequestLogOptions {
  readonly timers: Timers;
  /** Whether headers and bodies are kept for a while. */
  readonly inspect: boolean;
}

export interface RequestQuery {
  readonly filter: RequestFilter;
  readonly limit: number;
  /** Id of a request; only later ones are asked for. One that is not remembered counts as older than all. */
  readonly after?: string | undefined;
}

export interface RequestList {
  /** Newest first. */
  readonly value: RequestRecord[];
  /** Further ones that match: older than those given, later than `after`. */
  readonly leftOut: number;
}

/** Requests remembered; the oldest give way. */
const CAPACITY = 5_000;
/** What their headers and bodies may take in all; those of the oldest give way. */
const MAX_TRAFFIC_BYTES = 8 * 1_048_576;
/** Calls that may wait for requests to come, at once. */
const MAX_WAITING = 64;

/** The last requests, in memory alone: for browsing, for `switchboard why`, and for waiting until a certain one comes. */
export class RequestLog {
  readonly inspects: boolean;
  readonly #ring: (RequestEntry | undefined)[] = new Array<RequestEntry | undefined>(CAPACITY).fill(undefined);
  /** What the traffic of each entry of the ring takes. */
  readonly #weights = new Float64Array(CAPACITY);
  readonly #waiters: Waiters<RequestEntry>;
  /** Running number of the entry to come. */
  #next = 0;
  /** The oldest entry that may still have its traffic. */
  #oldestTraffic = 0;
  #trafficBytes = 0;

  constructor({ timers, inspect }: RequestLogOptions) {
    this.inspects = inspect;
    this.#waiters = new Waiters({ timers, capacity: MAX_WAITING });
  }

  add(entry: RequestEntry): void {
    // What asks again and again would soon have pushed out everything else, and would wake its own waiting call.
    if (entry.operation?.polled === true && entry.status < 400) return;
    this.#dropTraffic(this.#next - CAPACITY);
    const place = this.#next % CAPACITY;
    this.#ring[place] = entry;
    this.#next += 1;
    if (entry.traffic !== undefined) {
      const weight = weightOf(entry.traffic);
      this.#weights[place] = weight;
      this.#boundTraffic(weight);
    }
    this.#waiters.offer(entry);
  }

  find(id: string): RequestDetail | undefined {
    const entry = this.#at(this.#numberOf(id));
    return entry === undefined ? undefined : detailOf(entry, this.inspects);
  }

  list({ filter, limit, after }: RequestQuery): RequestList {
    const value: RequestRecord[] = [];
    let leftOut = 0;
    const last = after === undefined ? -1 : this.#numberOf(after);
    for (let number = this.#next - 1; number > last; number--) {
      const entry = this.#at(number);
      if (entry === undefined) break;
      if (!matches(entry, filter)) continue;
      if (value.length < limit) value.push(recordOf(entry));
      else leftOut += 1;
    }
    return { value, leftOut: after === undefined ? 0 : leftOut };
  }

  /**
   * Lists as soon as there is anything to list, at the latest after `waitMs`.
   *
   * @param waiting `whenOver` is given what ends the wait early
   * @throws ApiError 503 when too many wait already
   */
  async listWhenAny(
    query: RequestQuery,
    waiting: { readonly waitMs: number; readonly whenOver: (end: () => void) => void },
  ): Promise<RequestList> {
    const found = this.list(query);
    if (found.value.length > 0 || waiting.waitMs <= 0) return found;
    if (this.#waiters.isFull) throw httpErrors.tooManyWaiting(MAX_WAITING);
    await this.#waiters.wait((entry) => matches(entry, query.filter), waiting);
    return this.list(query);
  }

  /** Ends every wait, for good: the server stops. */
  endWaits(): void {
    this.#waiters.close();
  }

  clear(): void {
    this.#ring.fill(undefined);
    this.#oldestTraffic = this.#next;
    this.#trafficBytes = 0;
  }

  /** The running number of the entry with this id, -1 for none. Asked seldom, so nothing is kept for it with every request. */
  #numberOf(id: string): number {
    for (let number = this.#next - 1; number >= 0; number--) {
      const entry = this.#at(number);
      if (entry === undefined) return -1;
      if (entry.id === id) return number;
    }
    return -1;
  }

  #at(number: number): RequestEntry | undefined {
    return number < 0 || number < this.#next - CAPACITY ? undefined : this.#ring[number % CAPACITY];
  }

  #boundTraffic(addedBytes: number): void {
    this.#trafficBytes += addedBytes;
    while (this.#trafficBytes > MAX_TRAFFIC_BYTES && this.#oldestTraffic < this.#next) this.#dropTraffic(this.#oldestTraffic++);
  }

  #dropTraffic(number: number): void {
    const entry = this.#at(number);
    if (entry?.traffic === undefined) return;
    this.#trafficBytes -= this.#weights[number % CAPACITY] as number;
    entry.traffic = undefined;
  }
}
