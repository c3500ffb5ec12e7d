import { httpErrors } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Timers } from '../../lib/timers.ts';
import { type Patience, Waiters } from '../../lib/waiters.ts';
import type { Storage } from '../../storage/index.ts';
import type { SmsFact } from '../sms-facts.ts';
import type { MessageStore } from '../store/message-store.ts';
import type { ReceivedStore } from '../store/received-store.ts';
import { receivedEntry, sentEntry, type SmsEntry } from './sms-entry.ts';
import { isSought, type SmsQuery } from './sms-query.ts';

export interface InboxOptions {
  readonly storage: Storage;
  readonly store: MessageStore;
  readonly received: ReceivedStore;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** Calls that may wait at once. */
const MOST_WAITING = 64;
/** The newest messages of each direction that are looked at: each has to be opened. */
const MOST_LOOKED_AT = 1_000;
/** Messages that one call is answered. */
const MOST_FOUND = 200;

/** Finds messages that are there, and waits for those to come: what tests assert with, and what is in a phone. */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #waiters: Waiters<SmsEntry>;
  /** Grows when everything stored is replaced. */
  #epoch = 0;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#waiters = new Waiters({ timers: options.timers, capacity: MOST_WAITING });
  }

  /**
   * Answers as soon as `count` messages are found, stored ones or new ones, at the latest after `waitMs`; newest first.
   *
   * @throws ApiError 400 for a pattern that costs too much, 503 when too many wait
   */
  async find(query: SmsQuery, patience: Patience): Promise<SmsEntry[]> {
    const found = new Map<number, SmsEntry>();
    if (patience.waitMs === 0) {
      await this.#search(query, found);
      return newestFirst(found);
    }
    if (this.#waiters.isFull) throw httpErrors.tooManyWaiting(MOST_WAITING);
    const epoch = this.#epoch;
    let failure: unknown;
    const hear = (entry: SmsEntry): boolean => {
      try {
        if (isSought(entry, query)) found.set(entry.no, entry);
      } catch (error) {
        // Others hear of the same message: the failure is told to this caller alone.
        failure = error;
      }
      return found.size >= patience.count || failure !== undefined;
    };
    const look = async (): Promise<boolean> => {
      await this.#search(query, found);
      return found.size >= patience.count;
    };
    await this.#waiters.lookAndWait({ hear, look }, patience);
    if (failure !== undefined) throw failure as Error;
    return epoch === this.#epoch ? newestFirst(found) : [];
  }

  hear(fact: SmsFact): void {
    if (this.#waiters.size > 0) this.#waiters.offer(fact.kind === 'received' ? receivedEntry(fact.received) : sentEntry(fact.message));
  }

  /** What was found is not there any more. */
  forgetAll(): void {
    this.#epoch += 1;
  }

  /** Ends every wait, for good: the server stops. */
  close(): void {
    this.#waiters.close();
  }

  /** Adds what is stored. What was heard of meanwhile is as new, or newer. */
  async #search(query: SmsQuery, found: Map<number, SmsEntry>): Promise<void> {
    const { storage, store, received } = this.#options;
    const { read } = storage.forResource(query.resourceId);
    const range = { fromNo: query.fromNo, limit: MOST_LOOKED_AT };
    const sent = query.direction === 'inbound' ? [] : await store.newest(read, query.resourceId, range);
    const came = query.direction === 'outbound' ? [] : await received.newest(read, query.resourceId, range);
    for (const entry of [...sent.map(sentEntry), ...came.map(receivedEntry)])
      if (!found.has(entry.no) && isSought(entry, query)) found.set(entry.no, entry);
  }
}

function newestFirst(found: ReadonlyMap<number, SmsEntry>): SmsEntry[] {
  return [...found.values()].sort((a, b) => b.no - a.no).slice(0, MOST_FOUND);
}
