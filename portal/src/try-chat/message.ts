import type { ChatMessage, ChatMessageDeletedEvent, ChatMessageEditedEvent, ChatMessageReceivedEvent } from '@azure/communication-chat';
import { getIdentifierRawId } from '@azure/communication-common';

export interface TextMessage {
  readonly kind: 'text';
  readonly id: string;
  /** Epoch milliseconds as text; grows with each edit and with the deletion. */
  readonly version: string;
  readonly senderId: string;
  readonly senderName: string;
  /** Empty once deleted. */
  readonly text: string;
  readonly isHtml: boolean;
  readonly createdOn: Date;
  readonly edited: boolean;
  readonly deleted: boolean;
}

/** Members were added or removed, or the thread was named; written by the server itself. */
export interface SystemMessage {
  readonly kind: 'system';
  readonly id: string;
  readonly version: string;
  readonly createdOn: Date;
  readonly change: 'added' | 'removed' | 'topic';
  readonly initiatorId: string | undefined;
  readonly participantIds: readonly string[];
  readonly topic: string;
}

export type Message = TextMessage | SystemMessage;

const systemChanges = { participantAdded: 'added', participantRemoved: 'removed', topicUpdated: 'topic' } as const;

/** From an item of `listMessages`. */
export function fromHistory(message: ChatMessage): Message {
  const { id, version, type, content, createdOn } = message;
  if (type === 'text' || type === 'html') {
    return {
      kind: 'text',
      id,
      version,
      senderId: message.sender ? getIdentifierRawId(message.sender) : '',
      senderName: message.senderDisplayName ?? '',
      text: message.deletedOn ? '' : (content?.message ?? ''),
      isHtml: type === 'html',
      createdOn,
      edited: message.editedOn !== undefined,
      deleted: message.deletedOn !== undefined,
    };
  }
  return {
    kind: 'system',
    id,
    version,
    createdOn,
    change: systemChanges[type],
    initiatorId: content?.initiator ? getIdentifierRawId(content.initiator) : undefined,
    participantIds: (content?.participants ?? []).map((participant) => getIdentifierRawId(participant.id)),
    topic: content?.topic ?? '',
  };
}

/** From a `chatMessageReceived`, `chatMessageEdited` or `chatMessageDeleted` event. */
export function fromEvent(event: ChatMessageReceivedEvent | ChatMessageEditedEvent | ChatMessageDeletedEvent): TextMessage {
  return {
    kind: 'text',
    id: event.id,
    version: event.version,
    senderId: getIdentifierRawId(event.sender),
    senderName: event.senderDisplayName,
    text: 'message' in event ? event.message : '',
    // `Text` or `RichText/Html`, passed through by the SDK.
    isHtml: /html/i.test(event.type),
    createdOn: event.createdOn,
    edited: 'editedOn' in event,
    deleted: 'deletedOn' in event,
  };
}

/**
 * Joins what is shown with what came in, from history and events in any order: one entry per id, the highest version wins, oldest first.
 * Message ids are arrival times in milliseconds and rise within a thread, so they are the order.
 */
export function mergeMessages(known: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of incoming) {
    const old = byId.get(message.id);
    if (!old || Number(message.version) >= Number(old.version)) byId.set(message.id, message);
  }
  return [...byId.values()].sort((a, b) => Number(a.id) - Number(b.id));
}

/** The line shown for a system message, e.g. "Alice added Bob". */
export function describeChange(message: SystemMessage, nameOf: (id: string) => string): string {
  const initiator = message.initiatorId === undefined ? undefined : nameOf(message.initiatorId);
  if (message.change === 'topic') return `${initiator ?? 'Somebody'} named the thread “${message.topic}”`;
  const others = message.participantIds.filter((id) => id !== message.initiatorId);
  const includesInitiator = others.length < message.participantIds.length;
  const names = new Intl.ListFormat('en').format(message.participantIds.map(nameOf));
  if (message.change === 'added') return includesInitiator || !initiator ? `${names} joined` : `${initiator} added ${names}`;
  return includesInitiator || !initiator ? `${names} left` : `${initiator} removed ${names}`;
}
