import type { ChatMessage, ChatMessageReadReceipt, ChatParticipant, ChatThreadItem, ChatThreadProperties } from '@switchboard/contract';
import type { NamedParticipant, RetentionPolicy } from './content.ts';
import type { Message } from './store/message-store.ts';
import type { ReadReceipt } from './store/read-receipt-store.ts';
import type { NewThreadRow, ThreadListItem } from './store/thread-store.ts';
import { wireSeconds } from './time.ts';

type Identifier = ChatThreadProperties['createdByCommunicationIdentifier'];

/** Domain objects as the chat API shows them. Users of Teams are named as such (identifier prefixes of wire/chat.md section 7). */
export function wireIdentifier(rawId: string): Identifier {
  const [, kind = '', userId = ''] = /^8:(orgid|dod|gcch|teamsvisitor):(.*)$/.exec(rawId) ?? [];
  if (kind !== '') {
    const cloud = kind === 'dod' || kind === 'gcch' ? kind : 'public';
    return { rawId, microsoftTeamsUser: { userId, isAnonymous: kind === 'teamsvisitor', cloud } };
  }
  return { rawId, ...(rawId.startsWith('8:') ? { communicationUser: { id: rawId } } : {}) };
}

export function wireThread(thread: NewThreadRow): ChatThreadProperties {
  const { topic, metadata, retentionPolicy } = thread.properties;
  return {
    id: thread.id,
    topic,
    createdOn: wireSeconds(thread.createdAtMs),
    createdByCommunicationIdentifier: wireIdentifier(thread.createdBy),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
    ...(retentionPolicy === undefined ? {} : { retentionPolicy: wireRetention(retentionPolicy) }),
  };
}

export function wireRetention(policy: RetentionPolicy): NonNullable<ChatThreadProperties['retentionPolicy']> {
  return {
    kind: policy.kind,
    ...(policy.deleteThreadAfterDays === undefined ? {} : { deleteThreadAfterDays: policy.deleteThreadAfterDays }),
  };
}

export function wireThreadItem(item: ThreadListItem): ChatThreadItem {
  return { id: item.id, topic: item.topic, lastMessageReceivedOn: wireSeconds(item.lastMessageAtMs) };
}

export function wireParticipant(participant: NamedParticipant): ChatParticipant {
  const { userId, displayName, metadata, historyFromMs } = participant;
  return {
    communicationIdentifier: wireIdentifier(userId),
    ...(displayName === undefined ? {} : { displayName }),
    shareHistoryTime: wireSeconds(historyFromMs),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
  };
}

export function wireMessage(message: Message): ChatMessage {
  const { content, sender } = message;
  const metadata = content.metadata;
  return {
    id: String(message.id),
    type: message.type,
    sequenceId: String(message.sequence),
    version: String(message.version),
    ...(message.deletedAtMs === undefined ? { content: wireContent(message) } : {}),
    ...(sender === undefined
      ? {}
      : { senderDisplayName: content.senderDisplayName ?? '', senderCommunicationIdentifier: wireIdentifier(sender) }),
    createdOn: wireSeconds(message.id),
    ...(message.deletedAtMs === undefined ? {} : { deletedOn: wireSeconds(message.deletedAtMs) }),
    ...(message.editedAtMs === undefined ? {} : { editedOn: wireSeconds(message.editedAtMs) }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
  };
}

function wireContent({ content }: Message): NonNullable<ChatMessage['content']> {
  return {
    ...(content.text === undefined ? {} : { message: content.text }),
    ...(content.topic === undefined ? {} : { topic: content.topic }),
    ...(content.participants === undefined ? {} : { participants: content.participants.map(wireParticipant) }),
    ...(content.initiator === undefined ? {} : { initiatorCommunicationIdentifier: wireIdentifier(content.initiator) }),
  };
}

export function wireReadReceipt({ userId, messageId, readAtMs }: ReadReceipt): ChatMessageReadReceipt {
  return {
    senderCommunicationIdentifier: wireIdentifier(userId),
    chatMessageId: String(messageId),
    readOn: wireSeconds(readAtMs),
  };
}
