import { Type } from 'typebox';
import { type EventType, eventType } from './event-type.ts';
import { Identifier, number, optional, text, texts, time } from './shapes.ts';

const inThread = { transactionId: text, threadId: text };
const perUser = { ...inThread, recipientCommunicationIdentifier: optional(Identifier) };

const message = {
  messageId: text,
  senderCommunicationIdentifier: optional(Identifier),
  senderDisplayName: optional(text),
  composeTime: optional(time),
  /** `Text`, `RichText/Html`, … */
  type: text,
  version: optional(number),
};
const body = { messageBody: text, metadata: optional(texts) };
const edited = { ...body, editTime: optional(time) };
const deleted = { deleteTime: time };

const thread = { createTime: time, version: number };
const Participant = Type.Object({
  displayName: optional(text),
  participantCommunicationIdentifier: optional(Identifier),
  metadata: optional(texts),
});
/** `topic`, and what else there is. The published schema says that every property is an object, and means anything. */
const properties = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: {} });
const created = {
  ...thread,
  createdByCommunicationIdentifier: optional(Identifier),
  properties,
  metadata: optional(texts),
  participants: Type.Array(Participant),
};
const updated = {
  ...thread,
  editedByCommunicationIdentifier: optional(Identifier),
  editTime: optional(time),
  properties,
  metadata: optional(texts),
};
const ended = { ...thread, deletedByCommunicationIdentifier: optional(Identifier), deleteTime: optional(time) };
const added = { time: optional(time), addedByCommunicationIdentifier: optional(Identifier), participantAdded: optional(Participant) };
const removed = { time: optional(time), removedByCommunicationIdentifier: optional(Identifier), participantRemoved: optional(Participant) };

const SENT = 'thread/{threadId}/sender/{senderCommunicationIdentifier.rawId}';
const CREATED = 'thread/{threadId}/createdBy/{createdByCommunicationIdentifier.rawId}';
const EDITED = 'thread/{threadId}/editedBy/{editedByCommunicationIdentifier.rawId}';
const DELETED = 'thread/{threadId}/deletedBy/{deletedByCommunicationIdentifier.rawId}';
const ADDED = '{participantAdded.participantCommunicationIdentifier.rawId}';
const REMOVED = '{participantRemoved.participantCommunicationIdentifier.rawId}';
const TO_USER = '/recipient/{recipientCommunicationIdentifier.rawId}';

/** Events of chat: those about a thread come once, those for a participant once for each but the one who acted. */
export const CHAT_EVENTS: readonly EventType[] = [
  eventType({
    name: 'ChatMessageReceivedInThread',
    description: 'A message was sent to a thread.',
    subject: SENT,
    isEmitted: true,
    data: Type.Object({ ...inThread, ...message, ...body }),
  }),
  eventType({
    name: 'ChatMessageReceived',
    description: 'A message was sent to a thread; for each participant but the sender.',
    subject: `${SENT}${TO_USER}`,
    isEmitted: true,
    data: Type.Object({ ...perUser, ...message, messageBody: text, metadata: texts }),
  }),
  eventType({
    name: 'ChatMessageEditedInThread',
    description: 'A message was edited.',
    subject: SENT,
    isEmitted: true,
    data: Type.Object({ ...inThread, ...message, ...edited }),
  }),
  eventType({
    name: 'ChatMessageEdited',
    description: 'A message was edited; for each participant but the sender.',
    subject: `${SENT}${TO_USER}`,
    isEmitted: true,
    data: Type.Object({ ...perUser, ...message, ...edited }),
  }),
  eventType({
    name: 'ChatMessageDeletedInThread',
    description: 'A message was deleted.',
    subject: SENT,
    isEmitted: true,
    data: Type.Object({ ...inThread, ...message, ...deleted }),
  }),
  eventType({
    name: 'ChatMessageDeleted',
    description: 'A message was deleted; for each participant but the sender.',
    subject: `${SENT}${TO_USER}`,
    isEmitted: true,
    data: Type.Object({ ...perUser, ...message, ...deleted }),
  }),
  eventType({
    name: 'ChatThreadCreated',
    description: 'A thread was created.',
    subject: CREATED,
    isEmitted: true,
    data: Type.Object({ ...inThread, ...created }),
  }),
  eventType({
    name: 'ChatThreadCreatedWithUser',
    description: 'A thread was created; for each participant but its creator.',
    subject: `${CREATED}${TO_USER}`,
    isEmitted: true,
    data: Type.Object({ ...perUser, ...created }),
  }),
  eventType({
    name: 'ChatThreadDeleted',
    description: 'A thread was deleted.',
    subject: DELETED,
    isEmitted: true,
    data: Type.Object({ ...inThread, ...ended }),
  }),
  eventType({
    name: 'ChatThreadWithUserDeleted',
    description: 'A thread was deleted; for each participant but the one who did it.',
    subject: `${DELETED}${TO_USER}`,
    isEmitted: true,
    data: Type.Object({ ...perUser, ...ended }),
  }),
  eventType({
    name: 'ChatThreadPropertiesUpdated',
    description: 'The topic, metadata or retention of a thread was changed.',
    subject: EDITED,
    isEmitted: true,
    data: Type.Object({ ...inThread, ...updated, metadata: texts }),
  }),
  eventType({
    name: 'ChatThreadPropertiesUpdatedPerUser',
    description: 'The topic, metadata or retention of a thread was changed; for each participant but the one who did it.',
    subject: `${EDITED}${TO_USER}`,
    isEmitted: true,
    data: Type.Object({ ...perUser, ...updated }),
  }),
  eventType({
    name: 'ChatThreadParticipantAdded',
    description: 'Somebody was added to a thread; one event for each.',
    subject: `thread/{threadId}/participantadded/${ADDED}`,
    isEmitted: true,
    data: Type.Object({ ...inThread, ...added, version: optional(number) }),
  }),
  eventType({
    name: 'ChatParticipantAddedToThreadWithUser',
    description: 'Somebody was added to a thread; for each who took part before, and for the one added, but not for the one who did it.',
    subject: `thread/{threadId}/participantAdded/${ADDED}${TO_USER}`,
    isEmitted: true,
    data: Type.Object({ ...perUser, ...thread, ...added }),
  }),
  eventType({
    name: 'ChatThreadParticipantRemoved',
    description: 'Somebody left a thread or was removed.',
    subject: `thread/{threadId}/participantremoved/${REMOVED}`,
    isEmitted: true,
    data: Type.Object({ ...inThread, ...removed, version: optional(number) }),
  }),
  eventType({
    name: 'ChatParticipantRemovedFromThreadWithUser',
    description: 'Somebody left a thread or was removed; for each participant but the one who did it, the removed one included.',
    subject: `thread/{threadId}/participantRemoved/${REMOVED}${TO_USER}`,
    isEmitted: true,
    data: Type.Object({ ...perUser, ...thread, ...removed }),
  }),
  eventType({
    name: 'ChatTypingIndicatorReceivedInThread',
    description: 'Somebody is typing in a thread.',
    subject: SENT,
    isEmitted: true,
    data: Type.Object({ ...inThread, ...message, ...body }),
  }),
  eventType({
    name: 'ChatAzureBotCommandReceivedInThread',
    description: 'A command for a bot was sent to a thread.',
    subject: SENT,
    data: Type.Object({ ...inThread, ...message, ...body }),
  }),
  eventType({
    name: 'UserDisconnected',
    description: 'A user is taken for disconnected from chat.',
    subject: 'user/{userCommunicationIdentifier.rawId}',
    isEmitted: true,
    data: Type.Object({ userCommunicationIdentifier: optional(Identifier) }),
  }),
];
