import type { Transaction } from '../storage/index.ts';
import type { ChatContext } from './chat-context.ts';
import type { Actor } from './chat-facts.ts';
import type { DeletionReason } from './content.ts';
import type { Thread } from './thread-cache.ts';

/** Due work that removes the rows of a deleted thread. */
export const PURGE_THREAD = 'chat/purge-thread';
/** How long a deleted thread can still be seen by an administrator. */
export const PURGE_AFTER_MS = 30 * 86_400_000;

/**
 * Hides a thread at once from everybody, for whatever reason; its rows stay until they are purged.
 *
 * @returns undefined when `thread` is stale or deleted already
 */
export async function deleteThread(
  chat: ChatContext,
  tx: Transaction,
  deletion: { readonly thread: Thread; readonly actor: Actor; readonly reason: DeletionReason },
): Promise<Thread | undefined> {
  const { thread, actor, reason } = deletion;
  const nowMs = chat.clock.now();
  if (!(await chat.threads.markDeleted(tx, thread, { atMs: nowMs, reason }))) return undefined;
  await chat.storageOf(thread.resourceId).due.schedule(tx, {
    kind: PURGE_THREAD,
    dueAtMs: nowMs + PURGE_AFTER_MS,
    payload: { resourceId: thread.resourceId, no: thread.no },
  });
  await chat.announceIn(tx, {
    kind: 'threadDeleted',
    resourceId: thread.resourceId,
    threadId: thread.id,
    recipients: thread.present,
    versionMs: nowMs,
    actor,
    createdAtMs: thread.createdAtMs,
    atMs: nowMs,
    reason,
  });
  return thread;
}
