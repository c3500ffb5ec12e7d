import type { Events, NewEvent } from '../../events/index.ts';
import type { MaybePromise, Transaction } from '../../storage/index.ts';
import type { ChatFact } from '../chat-facts.ts';
import { type Part, partsOf, recipientMembers } from './parts.ts';

/** A type of event that a fact stands for. */
interface Told {
  readonly type: string;
  readonly make: (fact: ChatFact) => readonly NewEvent[];
  /** How many events `make` gives, without making them. */
  readonly count: (fact: ChatFact) => number;
}

/**
 * The events of each fact: one about the thread, and one for every participant but the one who acted (Microsoft's page on
 * chat events: "delivered once per user, excluding the event sender"). Read receipts have none.
 */
const TOLD: Readonly<Record<ChatFact['kind'], readonly Told[]>> = {
  messageReceived: [inThread('ChatMessageReceivedInThread'), perUser('ChatMessageReceived')],
  messageEdited: [inThread('ChatMessageEditedInThread'), perUser('ChatMessageEdited')],
  messageDeleted: [inThread('ChatMessageDeletedInThread'), perUser('ChatMessageDeleted')],
  messageRead: [],
  typing: [inThread('ChatTypingIndicatorReceivedInThread')],
  threadCreated: [inThread('ChatThreadCreated'), perUser('ChatThreadCreatedWithUser')],
  threadUpdated: [inThread('ChatThreadPropertiesUpdated'), perUser('ChatThreadPropertiesUpdatedPerUser')],
  threadDeleted: [inThread('ChatThreadDeleted'), perUser('ChatThreadWithUserDeleted')],
  participantsAdded: [inThread('ChatThreadParticipantAdded'), perUser('ChatParticipantAddedToThreadWithUser')],
  participantsRemoved: [inThread('ChatThreadParticipantRemoved'), perUser('ChatParticipantRemovedFromThreadWithUser')],
};

/**
 * Queues the events that a fact stands for: in the transaction that makes it so, or, for a fact that is not stored, in one
 * of their own. Costs two look-ups for each type while nobody wants to know.
 */
export function publishFact(events: Events, fact: ChatFact, tx?: Transaction): MaybePromise<void> {
  const { resourceId: sourceId } = fact;
  let done: MaybePromise<void> = undefined;
  for (const { type, make, count } of TOLD[fact.kind]) {
    if (!events.wants(sourceId, type)) continue;
    const publication = { sourceId, type, make: () => make(fact), count: count(fact), bytes: weightOf(fact) };
    const publish = () => (tx === undefined ? events.publishAlone(publication) : events.publish(tx, publication));
    done = done === undefined ? publish() : done.then(publish);
  }
  return done;
}

function inThread(name: string): Told {
  return {
    type: `Microsoft.Communication.${name}`,
    make: (fact) => partsOf(fact).map(({ subject, data }) => ({ subject, data, atMs: fact.atMs })),
    count: changedOf,
  };
}

function perUser(name: string): Told {
  return {
    type: `Microsoft.Communication.${name}`,
    make: (fact) => partsOf(fact).flatMap((part) => part.recipients.map((recipient) => forUser(fact, part, recipient))),
    count: (fact) => changedOf(fact) * Math.max(1, fact.recipients.length + 1 - changedOf(fact)),
  };
}

/** How many participants came or went; 1 for other facts. */
function changedOf(fact: ChatFact): number {
  return fact.kind === 'participantsAdded' || fact.kind === 'participantsRemoved' ? fact.participants.length : 1;
}

function forUser({ atMs }: ChatFact, { subject, userSubject, data, userData, namesRecipient }: Part, recipient: string): NewEvent {
  return {
    subject: `${userSubject ?? subject}/recipient/${recipient}`,
    atMs,
    data: { ...data, ...userData, ...recipientMembers(recipient, namesRecipient) },
  };
}

/** About how much memory a fact holds on to, in bytes: two for a character, some for each person. */
function weightOf(fact: ChatFact): number {
  const text = 'message' in fact ? (fact.message.content.text?.length ?? 0) + lengthOf(fact.message.content.metadata) : 0;
  const topic = 'properties' in fact ? fact.properties.topic.length + lengthOf(fact.properties.metadata) : 0;
  const named = 'participants' in fact ? fact.participants.length : 0;
  return 1_000 + 2 * (text + topic) + 16 * fact.recipients.length + 400 * named;
}

function lengthOf(metadata: object | undefined): number {
  return metadata === undefined ? 0 : JSON.stringify(metadata).length;
}
