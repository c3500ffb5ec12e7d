import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { RateLimiter } from '../limits/index.ts';
import type { ResourceService } from '../resources/index.ts';
import type { MaybePromise, ResourceStorage, Storage, Transaction } from '../storage/index.ts';
import type { ChatCaller } from './chat-caller.ts';
import type { ChatFact, ChatFactListener } from './chat-facts.ts';
import { type RatedCall, takeRate } from './chat-rates.ts';
import { ContentSeal, type MessageContent, type MessageType } from './content.ts';
import { chatErrors } from './errors.ts';
import { type Message, MessageStore } from './store/message-store.ts';
import { type ParticipantRow, ParticipantStore } from './store/participant-store.ts';
import { Retention } from './retention.ts';
import { ReadReceiptStore } from './store/read-receipt-store.ts';
import { OversightStore } from './store/oversight-store.ts';
import { type ThreadRow, ThreadStore } from './store/thread-store.ts';
import { type Thread, ThreadCache } from './thread-cache.ts';

export interface ChatContextOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly resources: ResourceService;
  readonly rates: RateLimiter;
  readonly announce: ChatFactListener;
  /** Queues the events that a fact stands for, in the transaction that makes it so. */
  readonly record: (tx: Transaction, fact: ChatFact) => MaybePromise<void>;
  /** The same for a fact that is not stored. */
  readonly recordAlone: (fact: ChatFact) => MaybePromise<void>;
}

/** Attempts of a change whose copy of the thread turned out stale; each loses only to another that succeeded. */
const MAX_ATTEMPTS = 50;

/** What the services of a chat share: stores, the cached threads, and the one way to change a thread. */
export class ChatContext {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly threads: ThreadStore;
  readonly participants: ParticipantStore;
  readonly messages: MessageStore;
  readonly receipts: ReadReceiptStore;
  readonly oversight: OversightStore;
  readonly retention: Retention;
  readonly #storage: Storage;
  readonly #cache: ThreadCache;
  readonly #announce: ChatFactListener;
  readonly #record: ChatContextOptions['record'];
  readonly #recordAlone: ChatContextOptions['recordAlone'];
  readonly #rates: RateLimiter;

  constructor(options: ChatContextOptions) {
    this.clock = options.clock;
    this.ids = options.ids;
    this.#storage = options.storage;
    this.#announce = options.announce;
    this.#record = options.record;
    this.#recordAlone = options.recordAlone;
    this.#rates = options.rates;
    const seal = new ContentSeal(options.storage.keys);
    this.threads = new ThreadStore(seal);
    this.participants = new ParticipantStore(seal);
    this.messages = new MessageStore(seal);
    this.receipts = new ReadReceiptStore();
    this.oversight = new OversightStore(seal);
    this.retention = new Retention({ ...options, threads: this.threads, messages: this.messages });
    this.#cache = new ThreadCache(this.threads, this.participants);
  }

  storageOf(resourceId: string): ResourceStorage {
    return this.#storage.forResource(resourceId);
  }

  /** @throws ApiError 404 when the resource has no such thread */
  thread(resourceId: string, threadId: string): Thread | Promise<Thread> {
    return this.#cache.get(this.storageOf(resourceId).read, resourceId, threadId);
  }

  /** The row of a user who may read: a removed participant keeps the history up to the removal. @throws ApiError 403 */
  async readerRow(thread: Thread, userId: string): Promise<ParticipantRow> {
    const row = thread.rows.get(userId) ?? (await this.participants.find(this.storageOf(thread.resourceId).read, thread, userId));
    if (row === undefined) throw chatErrors.notParticipant();
    return row;
  }

  /** Ids that a participant may read: from the start of the shared history, or what is still kept of it, to the removal. */
  readableIds(thread: ThreadRow, row: ParticipantRow): { readonly fromId: number; readonly belowId: number } {
    const fromId = Math.max(row.historyFromMs, this.retention.firstKeptId(thread));
    return { fromId, belowId: row.removedAfter === null ? Number.MAX_SAFE_INTEGER : row.removedAfter + 1 };
  }

  /**
   * Counts a call where rates are limited, and does nothing elsewhere. Calls of somebody who has no part in the thread are
   * refused before they are counted, so that nobody uses up the rates of others.
   *
   * @throws ApiError 429 when a rate is used up
   */
  count(caller: ChatCaller, call: RatedCall, threadId?: string): void | Promise<void> {
    if (!caller.resource.limits.rated.has('chat') || caller.isAdministrator === true) return;
    if (threadId === undefined) takeRate(this.#rates, caller, { call, threadId: '' });
    else return this.#countInThread(caller, call, threadId);
  }

  async #countInThread(caller: ChatCaller, call: RatedCall, threadId: string): Promise<void> {
    await this.readerRow(await this.thread(caller.resource.id, threadId), caller.identity);
    takeRate(this.#rates, caller, { call, threadId });
  }

  forgetAll(): void {
    this.#cache.clear();
  }

  /**
   * Writes to a thread: `work` is given the present state, checks what it must, and writes. When the store finds that
   * state stale it is loaded again and `work` repeated, so the checks always hold for what is written.
   *
   * @param work returns undefined when the store found `thread` stale
   */
  async write<T extends object>(resourceId: string, threadId: string, work: ThreadWork<T>): Promise<T> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const cached = attempt === 0 ? await this.thread(resourceId, threadId) : undefined;
      const done = await this.#attempt({ resourceId, threadId, cached }, work);
      if (done !== undefined) return done;
      this.#cache.forget(threadId);
    }
    throw new Error('a thread changed faster than it could be read');
  }

  /** As {@link write}, for work that changes properties or participants. */
  async change<T extends object>(resourceId: string, threadId: string, work: ThreadWork<T>): Promise<T> {
    try {
      return await this.write(resourceId, threadId, work);
    } finally {
      // Also after a failure: a commit whose answer was lost may have happened.
      this.#cache.forget(threadId);
    }
  }

  /**
   * Takes a place in the thread and stores a message there; undefined when `thread` is stale.
   *
   * @param message `atMs` is when it is sent, now by default; what comes before another message of the thread follows it all the same
   */
  async append(
    tx: Transaction,
    thread: ThreadRow,
    message: { readonly type: MessageType; readonly sender?: string; readonly content: MessageContent; readonly atMs?: number },
  ): Promise<Message | undefined> {
    const place = await this.threads.takePlace(tx, thread, message.atMs ?? this.clock.now());
    if (place === undefined) return undefined;
    if (!place.isArmed) await this.retention.arm(tx, thread, place.id);
    const { id, sequence } = place;
    return this.messages.insert(tx, thread, { id, sequence, type: message.type, sender: message.sender, content: message.content });
  }

  /** Records a fact with the transaction, and announces it when that is durable. */
  announceIn(tx: Transaction, fact: ChatFact): MaybePromise<void> {
    tx.afterCommit(() => this.#announce(fact));
    return this.#record(tx, fact);
  }

  /** Without a cached copy the thread is read inside the transaction, after every change made before it. */
  async #attempt<T extends object>(
    { resourceId, threadId, cached }: { readonly resourceId: string; readonly threadId: string; readonly cached: Thread | undefined },
    work: ThreadWork<T>,
  ): Promise<T | undefined> {
    try {
      return await this.storageOf(resourceId).write(async (tx) => {
        const result = await work(tx, cached ?? (await this.#cache.fresh(tx, resourceId, threadId)));
        if (result === undefined) throw new StaleThread();
        return result;
      }, threadId);
    } catch (error) {
      if (error instanceof StaleThread) return undefined;
      throw error;
    }
  }

  /** Announces a fact that is not stored. */
  announce(fact: ChatFact): MaybePromise<void> {
    this.#announce(fact);
    return this.#recordAlone(fact);
  }
}

/** Undone when its copy of the thread was stale. */
class StaleThread extends Error {}

type ThreadWork<T> = (tx: Transaction, thread: Thread) => Promise<T | undefined>;

/** @throws ApiError 404 for anything that is not a message id */
export function parseMessageId(text: string): number {
  const id = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(id)) throw chatErrors.unknownMessage();
  return id;
}
