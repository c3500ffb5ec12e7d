import { ApiError } from '../../lib/errors.ts';
import type { ChatContext } from '../chat-context.ts';
import type { ThreadRow } from '../store/thread-store.ts';
import type { Thread } from '../thread-cache.ts';
import { type FoundMessage, isSought, type MessageQuery } from './message-query.ts';
import type { RecentThreads } from './recent-threads.ts';

/** Threads looked into when none is named: those where something happened last, then the newest. */
const MOST_THREADS = 100;
/** The newest messages of each that are looked at … */
const MESSAGES_OF_EACH = 100;
/** … and of all together; of a named thread as many. Each has to be opened; all together hold the server for some 15 ms. */
const MOST_MESSAGES = 1_000;

/** Looks for messages among the newest of a resource; what it reads is bounded, however much there is. */
export class MessageSearch {
  readonly #chat: ChatContext;
  readonly #recent: RecentThreads;

  constructor(chat: ChatContext, recent: RecentThreads) {
    this.#chat = chat;
    this.#recent = recent;
  }

  /** In no particular order. @throws ApiError 404 when the named thread is unknown or deleted */
  async find(query: MessageQuery): Promise<FoundMessage[]> {
    const { resourceId, threadId } = query;
    if (threadId !== undefined) return (await this.#look(query, await this.#chat.thread(resourceId, threadId), MOST_MESSAGES)).found;
    const found: FoundMessage[] = [];
    let left = MOST_MESSAGES;
    for (const thread of await this.#threads(query)) {
      if (left <= 0) break;
      const looked = await this.#look(query, thread, Math.min(left, MESSAGES_OF_EACH));
      found.push(...looked.found);
      left -= looked.count;
    }
    return found;
  }

  async #look(query: MessageQuery, thread: ThreadRow, limit: number): Promise<{ readonly found: FoundMessage[]; readonly count: number }> {
    const { read } = this.#chat.storageOf(thread.resourceId);
    const { recipient } = query;
    const row = recipient === undefined ? undefined : await this.#chat.participants.find(read, thread, recipient);
    if (recipient !== undefined && row === undefined) return { found: [], count: 0 };
    const { fromId, belowId } =
      row === undefined
        ? { fromId: this.#chat.retention.firstKeptId(thread), belowId: Number.MAX_SAFE_INTEGER }
        : this.#chat.readableIds(thread, row);
    const range = { fromId: Math.max(fromId, query.fromId), belowId, limit };
    const messages = await this.#chat.messages.page(read, thread, range);
    const found = messages.filter((message) => isSought(message, query)).map((message) => ({ threadId: thread.id, message }));
    return { found, count: messages.length };
  }

  async #threads({ resourceId, recipient, sender }: MessageQuery): Promise<ThreadRow[]> {
    const userId = recipient ?? sender;
    const threads = new Map<string, ThreadRow>();
    for (const threadId of this.#recent.of(resourceId)) {
      if (threads.size >= MOST_THREADS) break;
      const thread = await this.#present(resourceId, threadId);
      if (thread !== undefined && (userId === undefined || thread.rows.has(userId))) threads.set(threadId, thread);
    }
    const query = { resourceId, state: 'live', userId, beforeNo: Number.MAX_SAFE_INTEGER, limit: MOST_THREADS } as const;
    for (const thread of await this.#chat.oversight.list(this.#chat.storageOf(resourceId).read, query))
      if (!threads.has(thread.id)) threads.set(thread.id, thread);
    return [...threads.values()].slice(0, MOST_THREADS);
  }

  /** Undefined for a thread that was deleted or purged since. */
  async #present(resourceId: string, threadId: string): Promise<Thread | undefined> {
    try {
      return await this.#chat.thread(resourceId, threadId);
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }
}
