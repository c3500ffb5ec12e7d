import type { ChatFact } from '../chat-facts.ts';
import type { NamedParticipant, ThreadProperties } from '../content.ts';
import type { Message } from '../store/message-store.ts';
import { asciiJson } from './packet.ts';

/** Numbers of the live events of ACS chat. */
const EVENT_IDS: Readonly<Record<ChatFact['kind'], number>> = {
  messageReceived: 200,
  typing: 245,
  messageRead: 246,
  messageEdited: 247,
  messageDeleted: 248,
  threadCreated: 257,
  threadUpdated: 258,
  threadDeleted: 259,
  participantsAdded: 260,
  participantsRemoved: 261,
};

/**
 * The members of an event's JSON that are the same for every recipient, without the opening brace, escaped for a place
 * inside a JSON string. Built once however many sockets it goes to; pure ASCII, so characters are bytes.
 */
export function pushTail(fact: ChatFact): string {
  const members = asciiJson({ eventId: EVENT_IDS[fact.kind], ...membersOf(fact) });
  return JSON.stringify(members.slice(1)).slice(1, -1);
}

function membersOf(fact: ChatFact): object {
  switch (fact.kind) {
    case 'messageReceived':
      return { ...messageMembers(fact.threadId, fact.message), ...bodyMembers(fact.message) };
    case 'messageEdited':
      return {
        ...messageMembers(fact.threadId, fact.message),
        ...bodyMembers(fact.message),
        edittime: iso(fact.atMs),
        composetime: iso(fact.message.id),
      };
    case 'messageDeleted':
      return { ...messageMembers(fact.threadId, fact.message), deletetime: iso(fact.atMs), composetime: iso(fact.message.id) };
    case 'typing':
      return {
        ...common(fact.threadId, fact.sender.userId, fact.atMs),
        messageType: 'Control/Typing',
        senderDisplayName: fact.sender.displayName,
        version: String(fact.versionMs),
      };
    case 'messageRead':
      return readMembers(fact);
    case 'threadCreated':
      return {
        ...threadMembers(fact),
        createTime: iso(fact.atMs),
        createdBy: nested(actor(fact.actor)),
        members: nested(fact.participants.map(participant)),
        properties: nested(propertyMembers(fact.properties)),
      };
    case 'threadUpdated':
      return {
        ...threadMembers(fact),
        editTime: iso(fact.atMs),
        editedBy: nested(actor(fact.actor)),
        properties: nested(propertyMembers(fact.properties)),
      };
    case 'threadDeleted':
      return { ...threadMembers(fact), deleteTime: iso(fact.atMs), deletedBy: nested(actor(fact.actor)), reason: fact.reason };
    case 'participantsAdded':
      return {
        ...threadMembers(fact),
        time: iso(fact.atMs),
        addedBy: nested(actor(fact.actor)),
        participantsAdded: nested(fact.participants.map(participant)),
      };
    case 'participantsRemoved':
      return {
        ...threadMembers(fact),
        time: iso(fact.atMs),
        removedBy: nested(actor(fact.actor)),
        participantsRemoved: nested(fact.participants.map(participant)),
      };
  }
}

function common(threadId: string, senderId: string, messageMs: number): object {
  return {
    senderId,
    transactionId: `${messageMs}`,
    groupId: threadId,
    messageId: String(messageMs),
    collapseId: `${messageMs}`,
    clientMessageId: '',
    originalArrivalTime: iso(messageMs),
    priority: '',
  };
}

function messageMembers(threadId: string, message: Message): object {
  return {
    ...common(threadId, message.sender ?? '', message.id),
    messageType: message.type === 'html' ? 'RichText/Html' : 'Text',
    senderDisplayName: message.content.senderDisplayName ?? '',
    version: String(message.version),
  };
}

function bodyMembers({ content }: Message): object {
  return { messageBody: content.text ?? '', acsChatMessageMetadata: JSON.stringify(content.metadata ?? {}) };
}

/** The consumption horizon is how far a user has read: message, time of reading in milliseconds, and a number that is always 0. */
function readMembers({ threadId, reader, messageId, atMs }: Extract<ChatFact, { kind: 'messageRead' }>): object {
  return {
    ...common(threadId, reader.userId, messageId),
    clientMessageId: '0',
    messageType: 'ThreadActivity/MemberConsumptionHorizonUpdate',
    messageBody: JSON.stringify({
      user: reader.userId,
      consumptionhorizon: `${messageId};${atMs};0`,
      messageVisibilityTime: messageId,
      version: String(atMs),
    }),
    senderDisplayName: reader.displayName,
    version: String(atMs),
  };
}

function threadMembers(fact: Extract<ChatFact, { actor: unknown }>): object {
  return {
    senderId: fact.actor.userId,
    transactionId: `${fact.versionMs}`,
    groupId: '',
    threadId: fact.threadId,
    collapseId: '',
    threadType: 'chat',
    version: String(fact.versionMs),
  };
}

function actor({ userId, displayName }: { readonly userId: string; readonly displayName: string }): object {
  return { participantId: userId, displayName };
}

function participant({ userId, displayName, historyFromMs, metadata }: NamedParticipant): object {
  return {
    participantId: userId,
    displayName: displayName ?? null,
    shareHistoryTime: historyFromMs,
    ...(metadata === undefined ? {} : { memberMetaData: JSON.stringify(metadata) }),
  };
}

function propertyMembers({ topic, metadata, retentionPolicy }: ThreadProperties): object {
  return {
    topic,
    ...(metadata === undefined ? {} : { acsChatThreadMetadata: JSON.stringify(metadata) }),
    ...(retentionPolicy?.kind === 'threadCreationDate'
      ? {
          retentionPolicy: JSON.stringify({
            retentionPolicyType: 'DeleteAfterCreationTime',
            executeAfter: `${retentionPolicy.deleteThreadAfterDays ?? 0}.00:00:00`,
          }),
        }
      : {}),
  };
}

/** JSON in a string member. The JavaScript client unescapes percent signs before it parses, native ones do not: no sign, no difference. */
function nested(value: object): string {
  return JSON.stringify(value).replaceAll('%', '\\u0025');
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
