import type { ResourceRef } from '../../http/index.ts';
import type { ChatContext } from '../chat-context.ts';
import type { MessageRetention } from '../retention.ts';
import type { Message } from '../store/message-store.ts';
import type { StoredThread, ThreadQuery } from '../store/oversight-store.ts';
import type { ParticipantRow } from '../store/participant-store.ts';
import type { ReadReceipt } from '../store/read-receipt-store.ts';
import { PURGE_AFTER_MS } from '../thread-deletion.ts';
import { oversightErrors } from './errors.ts';

export interface ThreadOversightOptions {
  readonly context: ChatContext;
  /** Removes the rows of a deleted thread. */
  readonly purge: (resourceId: string, threadNo: number) => Promise<void>;
}

/** A thread with all that is known of it. */
export interface ThreadDetails {
  readonly thread: StoredThread;
  readonly participants: readonly ParticipantRow[];
  readonly receipts: readonly ReadReceipt[];
  readonly messageRetention: MessageRetention;
}

/** All threads of a resource, whoever takes part in them, and deleted ones until they are purged. */
export class ThreadOversight {
  readonly #chat: ChatContext;
  readonly #purge: ThreadOversightOptions['purge'];

  constructor({ context, purge }: ThreadOversightOptions) {
    this.#chat = context;
    this.#purge = purge;
  }

  /** Newest first. */
  list(resource: ResourceRef, query: Omit<ThreadQuery, 'resourceId'>): Promise<StoredThread[]> {
    return this.#chat.oversight.list(this.#chat.storageOf(resource.id).read, { resourceId: resource.id, ...query });
  }

  /** @throws ApiError 404 for unknown and purged threads, and for those of another resource */
  async get(resource: ResourceRef, threadId: string): Promise<ThreadDetails> {
    const { read } = this.#chat.storageOf(resource.id);
    const thread = await this.#find(resource, threadId);
    const participants = await this.#chat.participants.present(read, thread);
    const receipts = await this.#chat.receipts.ofThread(read, thread.no);
    return {
      thread,
      participants: participants.sort(byUser),
      receipts: receipts.sort(byUser),
      messageRetention: this.#chat.retention.of(thread),
    };
  }

  /** Newest first, without those whose retention is over. @throws ApiError 404 */
  async messages(resource: ResourceRef, threadId: string, range: { readonly belowId: number; readonly limit: number }): Promise<Message[]> {
    const thread = await this.#find(resource, threadId);
    const fromId = this.#chat.retention.firstKeptId(thread);
    return this.#chat.messages.page(this.#chat.storageOf(resource.id).read, thread, { fromId, ...range });
  }

  /** Removes a deleted thread for good, before its time. @throws ApiError 404, or 409 for one that is not deleted */
  async purge(resource: ResourceRef, threadId: string): Promise<void> {
    const thread = await this.#find(resource, threadId);
    if (thread.deletedAtMs === undefined) throw oversightErrors.notDeleted();
    await this.#purge(resource.id, thread.no);
  }

  async #find(resource: ResourceRef, threadId: string): Promise<StoredThread> {
    const thread = await this.#chat.oversight.find(this.#chat.storageOf(resource.id).read, threadId);
    if (thread === undefined || thread.resourceId !== resource.id) throw oversightErrors.unknownThread();
    return thread;
  }
}

/** When the rows of a deleted thread go; undefined for one that is not deleted. */
export function purgeAtMs({ deletedAtMs }: Pick<StoredThread, 'deletedAtMs'>): number | undefined {
  return deletedAtMs === undefined ? undefined : deletedAtMs + PURGE_AFTER_MS;
}

function byUser(a: { readonly userId: string }, b: { readonly userId: string }): number {
  return a.userId < b.userId ? -1 : 1;
}
