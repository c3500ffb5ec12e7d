import { useEffect } from 'react';
import { canWrite } from './chat-state.ts';
import type { ChatState } from './chat-state.ts';
import type { ChatUser } from './chat-user.ts';

/** About as long as a glance takes; it also keeps a burst of messages to one receipt. */
const glanceMs = 1000;

/** Tells the others that the newest message of somebody else was read, once it has been on a visible page for a moment. */
export function useReadReceipts(user: ChatUser, state: ChatState): void {
  const newest = state.messages.findLast((message) => message.kind === 'text' && message.senderId !== state.me)?.id;
  const writable = canWrite(state);
  useEffect(() => {
    if (newest === undefined || !writable) return undefined;
    const timer = setTimeout(() => {
      if (document.visibilityState === 'visible') void user.markRead(newest);
    }, glanceMs);
    return () => clearTimeout(timer);
  }, [user, newest, writable]);
}
