import type { Reader } from '../storage/index.ts';
import type { ChatCaller } from './chat-caller.ts';
import type { Actor } from './chat-facts.ts';
import { chatErrors } from './errors.ts';
import type { ParticipantRow, ParticipantStore } from './store/participant-store.ts';
import type { ThreadRow, ThreadStore } from './store/thread-store.ts';

/** A thread with those who take part in it, as of `version`. */
export interface Thread extends ThreadRow {
  readonly rows: ReadonlyMap<string, ParticipantRow>;
  /** Ids of those who take part now. */
  readonly present: readonly string[];
}

/** Threads held at once; with 250 participants each about 60 kB. The least recently used give way. */
const CAPACITY = 2_000;

/**
 * Threads with their participants. A copy may be stale for a moment: writes name the version they saw and are refused by
 * the store when it is not the present one, and every change made here forgets the copy.
 */
export class ThreadCache {
  readonly #threads: ThreadStore;
  readonly #participants: ParticipantStore;
  readonly #cached = new Map<string, Thread>();
  readonly #loading = new Map<string, Promise<Thread | undefined>>();
  /** Grows with every forgotten thread: a load that began before must not be kept after. */
  #epoch = 0;

  constructor(threads: ThreadStore, participants: ParticipantStore) {
    this.#threads = threads;
    this.#participants = participants;
  }

  /** @throws ApiError 404 for unknown and deleted threads, and for those of another resource */
  get(read: Reader, resourceId: string, threadId: string): Thread | Promise<Thread> {
    const cached = this.#cached.get(threadId);
    if (cached !== undefined) {
      this.#cached.delete(threadId);
      this.#cached.set(threadId, cached);
      return mustExist(cached, resourceId);
    }
    return this.#load(read, threadId).then((thread) => mustExist(thread, resourceId));
  }

  /** The thread as `read` sees it now, past the cache: in a transaction, with the writes of that transaction. */
  async fresh(read: Reader, resourceId: string, threadId: string): Promise<Thread> {
    return mustExist(await this.#read(read, threadId), resourceId);
  }

  forget(threadId: string): void {
    this.#epoch += 1;
    this.#cached.delete(threadId);
    this.#loading.delete(threadId);
  }

  clear(): void {
    this.#epoch += 1;
    this.#cached.clear();
    this.#loading.clear();
  }

  #load(read: Reader, threadId: string): Promise<Thread | undefined> {
    const underWay = this.#loading.get(threadId);
    if (underWay !== undefined) return underWay;
    const epoch = this.#epoch;
    const loading = this.#read(read, threadId).then((thread) => {
      if (this.#loading.get(threadId) === loading) this.#loading.delete(threadId);
      if (thread !== undefined && epoch === this.#epoch) this.#keep(thread);
      return thread;
    });
    loading.catch(() => this.#loading.delete(threadId));
    this.#loading.set(threadId, loading);
    return loading;
  }

  async #read(read: Reader, threadId: string): Promise<Thread | undefined> {
    const row = await this.#threads.find(read, threadId);
    if (row === undefined) return undefined;
    const rows = await this.#participants.present(read, row);
    return { ...row, rows: new Map(rows.map((entry) => [entry.userId, entry])), present: rows.map((entry) => entry.userId) };
  }

  #keep(thread: Thread): void {
    const oldest = this.#cached.size >= CAPACITY ? this.#cached.keys().next() : undefined;
    if (oldest !== undefined && oldest.done !== true) this.#cached.delete(oldest.value);
    this.#cached.set(thread.id, thread);
  }
}

function mustExist(thread: Thread | undefined, resourceId: string): Thread {
  if (thread === undefined || thread.resourceId !== resourceId) throw chatErrors.unknownThread();
  return thread;
}

/** The row of a user who takes part now. @throws ApiError 403 */
export function presentRow(thread: Thread, userId: string): ParticipantRow {
  const row = thread.rows.get(userId);
  if (row === undefined) throw chatErrors.notParticipant();
  return row;
}

/** Who changes a thread, as the others see it. @throws ApiError 403 for a user who takes no part in it */
export function actorIn(thread: Thread, { identity, isAdministrator = false }: ChatCaller): Actor {
  const row = isAdministrator ? thread.rows.get(identity) : presentRow(thread, identity);
  return { userId: identity, displayName: row?.displayName ?? '' };
}

/** Where big threads have no read receipts and typing notifications, refuses them by name. @throws ApiError 400 */
export function checkSmallEnough({ resource }: ChatCaller, thread: Thread): void {
  resource.limits.atMost('chat.receipts-and-typing-participants', thread.present.length, 'chatThreadId');
}
