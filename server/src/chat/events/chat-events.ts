import type { Events, NewEvent } from '../../events/index.ts';
import type { Transaction } from '../../storage/index.ts';
import type { ChatFact } from '../chat-facts.ts';
import { wireIdentifier } from '../wire.ts';

/** Queues the events of the catalogue that a fact stands for, in the transaction that makes it so. */
export async function publishFact(events: Events, tx: Transaction, fact: ChatFact): Promise<void> {
  const { resourceId: sourceId } = fact;
  for (const { type, make } of eventsOf(fact)) await events.publish(tx, { sourceId, type, make });
}

interface Told {
  readonly type: string;
  readonly make: () => readonly NewEvent[];
}

const NONE: readonly Told[] = [];

function eventsOf(fact: ChatFact): readonly Told[] {
  switch (fact.kind) {
    case 'messageReceived':
      return [{ type: 'Microsoft.Communication.ChatMessageReceivedInThread', make: () => [messageInThread(fact)] }];
    default:
      return NONE;
  }
}

function messageInThread(fact: Extract<ChatFact, { kind: 'messageReceived' | 'messageEdited' | 'messageDeleted' }>): NewEvent {
  const { message, threadId, atMs } = fact;
  const sender = message.sender ?? '';
  return {
    subject: `thread/${threadId}/sender/${sender}`,
    atMs,
    data: {
      messageBody: message.content.text ?? '',
      messageId: String(message.id),
      ...(message.content.metadata === undefined ? {} : { metadata: message.content.metadata }),
      type: message.type,
      version: String(message.version),
      senderDisplayName: message.content.senderDisplayName ?? '',
      senderCommunicationIdentifier: wireIdentifier(sender),
      composeTime: new Date(message.id).toISOString(),
      threadId,
    },
  };
}
