import { createHash } from 'node:crypto';
import type { ChatFact } from '../chat-facts.ts';
import type { NamedParticipant } from '../content.ts';
import { wireIdentifier } from '../wire.ts';

/** Something that an event about the thread tells, and a like event to each of some users. */
export interface Part {
  readonly subject: string;
  /** Where the event to a user says it differently. */
  readonly userSubject?: string;
  readonly data: object;
  /** Members that only events to users have. */
  readonly userData?: object;
  /** Raw ids of those who are told. */
  readonly recipients: readonly string[];
  /** Whether events to users have the older member `recipientId` too. */
  readonly namesRecipient: boolean;
}

type MessageFact = Extract<ChatFact, { message: unknown }>;
type ThreadFact = Extract<ChatFact, { actor: unknown }>;
type ParticipantsFact = Extract<ChatFact, { kind: 'participantsAdded' | 'participantsRemoved' }>;

/**
 * What the events of a fact tell; members and subjects as in Microsoft's examples of 2018-01-01 (wire/rest-services.md 12).
 * Always the same for the same fact. Versions are numbers, as its schemas say, though some of its examples show strings.
 */
export function partsOf(fact: ChatFact): readonly Part[] {
  switch (fact.kind) {
    case 'messageReceived':
    case 'messageEdited':
    case 'messageDeleted':
      return [messagePart(fact)];
    case 'typing':
      return [typingPart(fact)];
    case 'messageRead':
      return [];
    case 'threadCreated':
      return [createdPart(fact)];
    case 'threadUpdated':
      return [updatedPart(fact)];
    case 'threadDeleted':
      return [deletedPart(fact)];
    case 'participantsAdded':
    case 'participantsRemoved':
      return participantParts(fact);
  }
}

/** Who an event to a user is for. */
export function recipientMembers(recipient: string, namesRecipient: boolean): object {
  return { ...(namesRecipient ? { recipientId: recipient } : {}), recipientCommunicationIdentifier: wireIdentifier(recipient) };
}

function messagePart(fact: MessageFact): Part {
  const { message, threadId, kind, atMs } = fact;
  const { text = '', metadata = {}, senderDisplayName = '' } = message.content;
  const sender = message.sender ?? '';
  return {
    subject: `thread/${threadId}/sender/${sender}`,
    recipients: others(fact, sender),
    namesRecipient: true,
    userData: { senderId: sender },
    data: {
      ...(kind === 'messageEdited' ? { editTime: iso(atMs) } : {}),
      ...(kind === 'messageDeleted' ? { deleteTime: iso(atMs) } : { messageBody: text, metadata }),
      messageId: String(message.id),
      senderCommunicationIdentifier: wireIdentifier(sender),
      senderDisplayName,
      composeTime: iso(message.id),
      type: message.type === 'html' ? 'RichText/Html' : 'Text',
      version: message.version,
      ...common(fact),
    },
  };
}

function typingPart(fact: Extract<ChatFact, { kind: 'typing' }>): Part {
  const { sender, threadId, atMs, versionMs } = fact;
  return {
    subject: `thread/${threadId}/sender/${sender.userId}`,
    recipients: others(fact, sender.userId),
    namesRecipient: true,
    data: {
      messageBody: '',
      metadata: {},
      messageId: String(versionMs),
      senderCommunicationIdentifier: wireIdentifier(sender.userId),
      senderDisplayName: sender.displayName,
      composeTime: iso(atMs),
      type: 'Control/Typing',
      version: versionMs,
      ...common(fact),
    },
  };
}

function createdPart(fact: Extract<ChatFact, { kind: 'threadCreated' }>): Part {
  const { actor, threadId, properties, participants } = fact;
  return {
    subject: `thread/${threadId}/createdBy/${actor.userId}`,
    recipients: others(fact, actor.userId),
    namesRecipient: true,
    userData: {
      createdBy: actor.userId,
      members: participants.map(({ userId, displayName }) => ({ ...(displayName === undefined ? {} : { displayName }), memberId: userId })),
    },
    data: {
      createdByCommunicationIdentifier: wireIdentifier(actor.userId),
      properties: { topic: properties.topic },
      participants: participants.map(eventParticipant),
      metadata: properties.metadata ?? {},
      ...threadMembers(fact),
    },
  };
}

function updatedPart(fact: Extract<ChatFact, { kind: 'threadUpdated' }>): Part {
  const { actor, threadId, properties, atMs } = fact;
  return {
    subject: `thread/${threadId}/editedBy/${actor.userId}`,
    recipients: others(fact, actor.userId),
    namesRecipient: true,
    userData: { editedBy: actor.userId },
    data: {
      editedByCommunicationIdentifier: wireIdentifier(actor.userId),
      editTime: iso(atMs),
      properties: { topic: properties.topic },
      metadata: properties.metadata ?? {},
      ...threadMembers(fact),
    },
  };
}

/** A thread that its policy ends is deleted by nobody: it is told in the name of its creator, as live events do, and to all. */
function deletedPart(fact: Extract<ChatFact, { kind: 'threadDeleted' }>): Part {
  const { actor, threadId, atMs, reason, recipients } = fact;
  return {
    subject: `thread/${threadId}/deletedBy/${actor.userId}`,
    recipients: reason === 'deletedByPolicy' ? recipients : others(fact, actor.userId),
    namesRecipient: true,
    userData: { deletedBy: actor.userId },
    data: { deletedByCommunicationIdentifier: wireIdentifier(actor.userId), deleteTime: iso(atMs), ...threadMembers(fact) },
  };
}

/**
 * Each is told to those who took part when somebody came or went, and to that one; not to those who came in the same
 * call, or 250 people added at once would make 62,500 events.
 */
function participantParts(fact: ParticipantsFact): readonly Part[] {
  const changed = new Set(fact.participants.map(({ userId }) => userId));
  const told = others(fact, fact.actor.userId);
  const stayed = told.filter((userId) => !changed.has(userId));
  return fact.participants.map((participant) => ({
    ...participantPart(fact, participant),
    recipients: told.includes(participant.userId) ? [...stayed, participant.userId] : stayed,
  }));
}

function participantPart(fact: ParticipantsFact, participant: NamedParticipant): Omit<Part, 'recipients'> {
  const { kind, actor, threadId, atMs } = fact;
  const by = wireIdentifier(actor.userId);
  const who = eventParticipant(participant);
  const isAdded = kind === 'participantsAdded';
  return {
    // The one in small letters, the other not: so the examples have it.
    subject: `thread/${threadId}/${isAdded ? 'participantadded' : 'participantremoved'}/${participant.userId}`,
    userSubject: `thread/${threadId}/${isAdded ? 'participantAdded' : 'participantRemoved'}/${participant.userId}`,
    namesRecipient: false,
    data: {
      time: iso(atMs),
      ...(isAdded
        ? { addedByCommunicationIdentifier: by, participantAdded: who }
        : { removedByCommunicationIdentifier: by, participantRemoved: who }),
      ...threadMembers(fact),
    },
  };
}

function others({ recipients }: ChatFact, actorId: string): readonly string[] {
  return recipients.filter((recipient) => recipient !== actorId);
}

function eventParticipant({ userId, displayName, metadata }: NamedParticipant): object {
  return {
    ...(displayName === undefined ? {} : { displayName }),
    participantCommunicationIdentifier: wireIdentifier(userId),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function threadMembers(fact: ThreadFact): object {
  return { createTime: iso(fact.createdAtMs), version: fact.versionMs, ...common(fact) };
}

/** The transaction id is the same in all events of a fact, in the form of a correlation vector: 16 bytes as base64, and a number. */
function common({ threadId, kind, versionMs }: ChatFact): object {
  const digest = createHash('sha256').update(`${threadId} ${kind} ${versionMs}`).digest();
  return { transactionId: `${digest.subarray(0, 16).toString('base64').slice(0, 22)}.1`, threadId };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
