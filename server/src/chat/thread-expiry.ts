import type { DueWork, Transaction } from '../storage/index.ts';
import type { ChatContext } from './chat-context.ts';
import type { ThreadRow } from './store/thread-store.ts';
import { deleteThread } from './thread-deletion.ts';

/** Due work that deletes a thread whose retention policy says so. */
const KIND = 'chat/thread-expiry';
const DAY_MS = 86_400_000;

interface ExpiryWork {
  readonly resourceId: string;
  readonly threadId: string;
}

/** Schedules what a thread's present retention policy asks for, in the transaction that set it, in place of what an earlier one asked for. */
export async function followPolicy(chat: ChatContext, tx: Transaction, thread: ThreadRow): Promise<void> {
  const { due } = chat.storageOf(thread.resourceId);
  const id = `${KIND}/${thread.no}`;
  const dueAtMs = endOf(thread);
  if (dueAtMs === undefined) await due.cancel(tx, id);
  else
    await due.schedule(tx, {
      id,
      kind: KIND,
      dueAtMs,
      payload: { resourceId: thread.resourceId, threadId: thread.id } satisfies ExpiryWork,
    });
}

/** @param due of the storage whose threads expire */
export function installThreadExpiry(due: DueWork, chat: ChatContext): void {
  due.handle(KIND, async ({ payload }) => {
    // Written by `followPolicy`.
    const { resourceId, threadId } = payload as ExpiryWork;
    if ((await chat.threads.find(chat.storageOf(resourceId).read, threadId)) === undefined) return;
    await chat.change(resourceId, threadId, async (tx, thread) => {
      const endsAtMs = endOf(thread);
      // Another policy came in between, and scheduled its own work.
      if (endsAtMs === undefined || endsAtMs > chat.clock.now()) return thread;
      // Live events name somebody; clients that see the reason do not read who.
      const actor = { userId: thread.createdBy, displayName: '' };
      return deleteThread(chat, tx, { thread, actor, reason: 'deletedByPolicy' });
    });
  });
}

/** When a thread's policy ends it; undefined for never. */
function endOf({ createdAtMs, properties }: ThreadRow): number | undefined {
  const days = properties.retentionPolicy?.deleteThreadAfterDays;
  return days === undefined ? undefined : createdAtMs + days * DAY_MS;
}
