import type { Ids } from '../lib/ids.ts';
import type { Limits } from '../limits/index.ts';
import type { Transaction } from '../storage/index.ts';
import type { ChatContext } from './chat-context.ts';
import type { NamedParticipant } from './content.ts';
import { chatErrors } from './errors.ts';
import type { NewThreadRow, ThreadRow } from './store/thread-store.ts';
import { followPolicy } from './thread-expiry.ts';

export interface ThreadToCreate extends NewThreadRow {
  /** The creator among them. */
  readonly participants: readonly NamedParticipant[];
}

/**
 * Stores a thread as of its `createdAtMs`, with its participants and the two system messages with which every thread
 * begins. Announces nothing.
 */
export async function createThread(chat: ChatContext, tx: Transaction, wish: ThreadToCreate): Promise<ThreadRow> {
  const { participants, ...row } = wish;
  const { createdBy: initiator, createdAtMs: atMs, properties } = row;
  const thread = await chat.threads.insert(tx, row);
  if (properties.retentionPolicy !== undefined) await followPolicy(chat, tx, thread);
  for (const participant of participants) await chat.participants.add(tx, thread, participant);
  await chat.append(tx, thread, { type: 'participantAdded', content: { participants, initiator }, atMs });
  await chat.append(tx, thread, { type: 'topicUpdated', content: { topic: properties.topic, initiator }, atMs });
  return thread;
}

export function newThreadId(ids: Ids): string {
  return `19:${ids.bytes('thread', 24).toString('base64url')}@thread.v2`;
}

/** @throws ApiError 400 for an empty topic, or one longer than the limit */
export function checkTopic(topic: string, context: { readonly limits: Limits; readonly target: string }): void {
  if (topic.trim() === '') throw chatErrors.invalid(context.target, 'must not be empty');
  context.limits.atMost('chat.topic-characters', topic.length, context.target);
}
