import type { Message } from '../message.ts';
import type { WireMessage } from './chat-api.ts';

const systemChanges: Readonly<Record<string, 'added' | 'removed' | 'topic'>> = {
  participantAdded: 'added',
  participantRemoved: 'removed',
  topicUpdated: 'topic',
};

/** A message of the admin API as the portal shows messages. */
export function fromWire(message: WireMessage): Message {
  const { id, version, type, content = {} } = message;
  const createdOn = new Date(message.createdOn);
  const change = systemChanges[type];
  if (change !== undefined) {
    return {
      kind: 'system',
      id,
      version,
      createdOn,
      change,
      initiatorId: content.initiatorCommunicationIdentifier?.rawId,
      participantIds: (content.participants ?? []).map(({ communicationIdentifier }) => communicationIdentifier.rawId),
      topic: content.topic ?? '',
    };
  }
  return {
    kind: 'text',
    id,
    version,
    createdOn,
    senderId: message.senderCommunicationIdentifier?.rawId ?? '',
    senderName: message.senderDisplayName ?? '',
    text: message.deletedOn === undefined ? (content.message ?? '') : '',
    isHtml: type === 'html',
    edited: message.editedOn !== undefined,
    deleted: message.deletedOn !== undefined,
    ...(message.metadata === undefined || Object.keys(message.metadata).length === 0 ? {} : { metadata: message.metadata }),
  };
}
