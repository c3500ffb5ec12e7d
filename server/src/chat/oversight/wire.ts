import type { AdminChatMessage, AdminChatThread, AdminChatThreadItem, LiveConnectionItem, PresenceItem } from '@switchboard/contract';
import type { ConnectionState, UserPresence } from '../live/presence.ts';
import type { Message } from '../store/message-store.ts';
import type { StoredThread } from '../store/oversight-store.ts';
import { wireMessage, wireRetention } from '../wire.ts';
import { purgeAtMs, type ThreadDetails } from './thread-oversight.ts';

/** What an administrator is shown. */
export function wireThreadOverview(thread: StoredThread): AdminChatThreadItem {
  const { topic, metadata, retentionPolicy } = thread.properties;
  const purgeMs = purgeAtMs(thread);
  return {
    id: thread.id,
    topic,
    createdOn: iso(thread.createdAtMs),
    createdBy: thread.createdBy,
    participantCount: thread.participants,
    ...(thread.lastMessageAtMs === undefined ? {} : { lastMessageOn: iso(thread.lastMessageAtMs) }),
    ...(thread.deletedAtMs === undefined ? {} : { deletedOn: iso(thread.deletedAtMs) }),
    ...(purgeMs === undefined ? {} : { purgeOn: iso(purgeMs) }),
    ...(thread.deletedReason === undefined ? {} : { deletedReason: thread.deletedReason }),
    ...(retentionPolicy === undefined ? {} : { retentionPolicy: wireRetention(retentionPolicy) }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
  };
}

export function wireThreadDetails(details: ThreadDetails, presenceOf: (userId: string) => UserPresence): AdminChatThread {
  const { thread, participants, receipts, messageRetention } = details;
  return {
    ...wireThreadOverview(thread),
    participants: participants.map(({ userId, displayName, historyFromMs, metadata }) => {
      const { connections, lastSeenMs } = presenceOf(userId);
      return {
        id: userId,
        ...(displayName === undefined ? {} : { displayName }),
        shareHistoryTime: iso(historyFromMs),
        ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
        connected: connections.length > 0,
        ...(lastSeenMs === undefined ? {} : { lastSeen: iso(lastSeenMs) }),
      };
    }),
    receipts: receipts.map(({ userId, messageId, readAtMs }) => ({ userId, chatMessageId: String(messageId), readOn: iso(readAtMs) })),
    messageRetentionDays: messageRetention.days === Infinity ? null : messageRetention.days,
    messageRetentionSetBy: messageRetention.setBy,
  };
}

export function wireAdminMessage(threadId: string, message: Message): AdminChatMessage {
  return { chatThreadId: threadId, ...wireMessage(message) };
}

export function wirePresence({ userId, connections, lastSeenMs }: UserPresence): PresenceItem {
  const [oldest] = connections;
  return {
    userId,
    connections: connections.length,
    ...(oldest === undefined ? {} : { connectedSince: iso(oldest.sinceMs) }),
    ...(lastSeenMs === undefined ? {} : { lastSeen: iso(lastSeenMs) }),
  };
}

export function wireConnection({ sinceMs, transport, isRegistered, lastHeardMs }: ConnectionState): LiveConnectionItem {
  return { since: iso(sinceMs), transport, registered: isRegistered, lastHeard: iso(lastHeardMs) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
