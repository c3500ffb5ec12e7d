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
  /** Running number of each entry by its id. */
  readonly #numbers = new Map<string, number>();
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
    const old = this.#at(this.#next - CAPACITY);
    if (old !== undefined) {
      this.#numbers.delete(old.id);
      this.#dropTraffic(old);
    }
    this.#ring[this.#next % CAPACITY] = entry;
    this.#numbers.set(entry.id, this.#next);
    this.#next += 1;
    if (entry.traffic !== undefined) this.#boundTraffic(weightOf(entry.traffic));
    this.#waiters.offer(entry);
  }

  find(id: string): RequestDetail | undefined {
    const entry = this.#at(this.#numbers.get(id) ?? -1);
    return entry === undefined ? undefined : detailOf(entry, this.inspects);
  }

  list({ filter, limit, after }: RequestQuery): RequestList {
    const value: RequestRecord[] = [];
    let leftOut = 0;
    const last = after === undefined ? -1 : (this.#numbers.get(after) ?? -1);
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
    this.#numbers.clear();
    this.#oldestTraffic = this.#next;
    this.#trafficBytes = 0;
  }

  #at(number: number): RequestEntry | undefined {
    return number < 0 || number < this.#next - CAPACITY ? undefined : this.#ring[number % CAPACITY];
  }

  #boundTraffic(addedBytes: number): void {
    this.#trafficBytes += addedBytes;
    while (this.#trafficBytes > MAX_TRAFFIC_BYTES && this.#oldestTraffic < this.#next) {
      const entry = this.#at(this.#oldestTraffic++);
      if (entry !== undefined) this.#dropTraffic(entry);
    }
  }

  #dropTraffic(entry: RequestEntry): void {
    if (entry.traffic === undefined) return;
    this.#trafficBytes -= weightOf(entry.traffic);
    entry.traffic = undefined;
  }
}
