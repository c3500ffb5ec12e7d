import type { ChatMessage, ChatMessageDeletedEvent, ChatMessageEditedEvent, ChatMessageReceivedEvent } from '@azure/communication-chat';
import { getIdentifierRawId } from '@azure/communication-common';

import type { Message, TextMessage } from '../message.ts';

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
