import type { ParticipantError } from '@switchboard/contract';
import { type Repeatability, textOfUser } from '../http/index.ts';
import { identityStore } from '../identity/index.ts';
import type { Reader } from '../storage/index.ts';
import type { ChatCaller } from './chat-caller.ts';
import type { ChatContext } from './chat-context.ts';
import type { Metadata, NamedParticipant, RetentionPolicy, ThreadProperties } from './content.ts';
import { checkMetadata, mergeMetadata } from './metadata.ts';
import { canChat, participantErrors, type WantedParticipant } from './participants.ts';
import type { MessageRetention } from './retention.ts';
import { requireScope } from './scopes.ts';
import type { NewThreadRow, ThreadListItem } from './store/thread-store.ts';
import { checkTopic, createThread, newThreadId } from './thread-creation.ts';
import { deleteThread } from './thread-deletion.ts';
import { followPolicy } from './thread-expiry.ts';
import { actorIn, presentRow, type Thread } from './thread-cache.ts';

export interface NewThread {
  readonly topic: string;
  readonly participants: readonly WantedParticipant[];
  readonly metadata: Metadata | undefined;
  readonly retentionPolicy: RetentionPolicy | undefined;
  readonly repeatability: { readonly requestId: string; readonly fingerprint: string } | undefined;
}

export interface CreatedThread {
  readonly thread: NewThreadRow;
  readonly invalid: readonly ParticipantError[];
}

export interface ThreadChange {
  readonly topic?: string | undefined;
  readonly metadata?: Readonly<Record<string, string | null>> | null | undefined;
  readonly retentionPolicy?: RetentionPolicy | null | undefined;
}

/** Threads: create, read, change, delete. */
export class ThreadService {
  readonly #chat: ChatContext;
  readonly #repeatability: Repeatability;

  constructor(chat: ChatContext, repeatability: Repeatability) {
    this.#chat = chat;
    this.#repeatability = repeatability;
  }

  /** Creates a thread once, however often the same repeatable request arrives. */
  async create(caller: ChatCaller, wish: NewThread): Promise<CreatedThread> {
    requireScope(caller, 'manageThreads');
    checkTopic(wish.topic, { limits: caller.resource.limits, target: 'topic' });
    checkMetadata(wish.metadata, { limits: caller.resource.limits, target: 'metadata' });
    await this.#chat.count(caller, 'createOrDeleteThread');
    return this.#chat.storageOf(caller.resource.id).write(async (tx) => {
      if (wish.repeatability === undefined) return this.#insert(tx, caller, wish);
      const request = { caller: textOfUser({ resourceId: caller.resource.id, id: caller.identity }), ...wish.repeatability };
      return (await this.#repeatability.once(tx, request, () => this.#insert(tx, caller, wish))).result;
    });
  }

  async get(caller: ChatCaller, threadId: string): Promise<Thread> {
    requireScope(caller, 'takePart');
    await this.#chat.count(caller, 'readThreads');
    const thread = await this.#chat.thread(caller.resource.id, threadId);
    presentRow(thread, caller.identity);
    return thread;
  }

  /** The caller's threads, newest first; those the caller was removed from stay listed. */
  async list(
    caller: ChatCaller,
    query: { readonly beforeNo: number; readonly sinceMs: number; readonly limit: number },
  ): Promise<ThreadListItem[]> {
    requireScope(caller, 'takePart');
    await this.#chat.count(caller, 'readThreads');
    const { read } = this.#chat.storageOf(caller.resource.id);
    return this.#chat.threads.listOfUser(read, { userId: caller.identity, resourceId: caller.resource.id, ...query });
  }

  async update(caller: ChatCaller, threadId: string, change: ThreadChange): Promise<void> {
    requireScope(caller, 'manageThreads');
    if (change.topic !== undefined) checkTopic(change.topic, { limits: caller.resource.limits, target: 'topic' });
    await this.#chat.count(caller, 'updateThread', threadId);
    await this.#chat.change(caller.resource.id, threadId, async (tx, thread) => {
      const actor = actorIn(thread, caller);
      const properties = changed(thread.properties, change);
      checkMetadata(properties.metadata, { limits: caller.resource.limits, target: 'metadata' });
      const topicChanged = properties.topic !== thread.properties.topic;
      let versionMs = this.#chat.clock.now();
      if (topicChanged) {
        const message = await this.#chat.append(tx, thread, {
          type: 'topicUpdated',
          content: { topic: properties.topic, initiator: caller.identity },
        });
        if (message === undefined) return undefined;
        versionMs = message.id;
      }
      if (!(await this.#chat.threads.touch(tx, thread))) return undefined;
      await this.#chat.threads.setProperties(tx, thread, properties);
      if (change.retentionPolicy !== undefined) {
        await followPolicy(this.#chat, tx, { ...thread, properties });
        await this.#chat.retention.rearm(tx, { ...thread, properties });
      }
      await this.#chat.announceIn(tx, {
        kind: 'threadUpdated',
        resourceId: thread.resourceId,
        threadId,
        recipients: thread.present,
        versionMs,
        actor,
        createdAtMs: thread.createdAtMs,
        atMs: versionMs,
        properties,
      });
      return thread;
    });
  }

  /**
   * Sets how long the messages of a thread are kept, present ones included: an administrator's act, of which the
   * participants hear nothing.
   *
   * @param days `Infinity` for without end, undefined to go by the thread's policy or the resource again
   */
  async keepMessages(resourceId: string, threadId: string, days: number | undefined): Promise<MessageRetention> {
    return this.#chat.change(resourceId, threadId, async (tx, thread) => {
      if (!(await this.#chat.threads.touch(tx, thread))) return undefined;
      await this.#chat.threads.setMessageDays(tx, thread.no, days);
      const changed = { ...thread, messageDays: days };
      await this.#chat.retention.rearm(tx, changed);
      return this.#chat.retention.of(changed);
    });
  }

  /** Hides the thread at once from everybody; its rows stay until they are purged. */
  async delete(caller: ChatCaller, threadId: string): Promise<void> {
    requireScope(caller, 'manageThreads');
    await this.#chat.count(caller, 'createOrDeleteThread');
    await this.#chat.change(caller.resource.id, threadId, async (tx, thread) => {
      return deleteThread(this.#chat, tx, { thread, actor: actorIn(thread, caller), reason: 'deletedByUser' });
    });
  }

  /** Sorts out who of the wanted can take part; the others are answered one by one. */
  async admit(
    read: Reader,
    resourceId: string,
    wanted: readonly WantedParticipant[],
  ): Promise<{ readonly valid: NamedParticipant[]; readonly invalid: ParticipantError[] }> {
    const valid: NamedParticipant[] = [];
    const invalid: ParticipantError[] = [];
    for (const { target: _, ...participant } of wanted) {
      const row = canChat(participant.userId) ? await identityStore.find(read, { resourceId, id: participant.userId }) : undefined;
      if (row !== undefined) valid.push(participant);
      else if (!canChat(participant.userId)) invalid.push(participantErrors.notAUser(participant.userId));
      else if (isOfOtherResource(participant.userId, resourceId)) invalid.push(participantErrors.otherResource(participant.userId));
      else invalid.push(participantErrors.unknown(participant.userId));
    }
    return { valid, invalid };
  }

  async #insert(
    tx: Parameters<Parameters<ReturnType<ChatContext['storageOf']>['write']>[0]>[0],
    caller: ChatCaller,
    wish: NewThread,
  ): Promise<CreatedThread> {
    const resourceId = caller.resource.id;
    const { valid, invalid } = await this.admit(
      tx,
      resourceId,
      wish.participants.filter((participant) => participant.userId !== caller.identity),
    );
    const asked = wish.participants.find((participant) => participant.userId === caller.identity);
    const creator: NamedParticipant = {
      userId: caller.identity,
      historyFromMs: 0,
      ...(asked?.displayName === undefined ? {} : { displayName: asked.displayName }),
      ...(asked?.metadata === undefined ? {} : { metadata: asked.metadata }),
    };
    const participants = [creator, ...valid];
    caller.resource.limits.atMost('chat.participants-per-thread', participants.length, 'participants');
    const properties: ThreadProperties = {
      topic: wish.topic,
      ...(wish.metadata === undefined ? {} : { metadata: wish.metadata }),
      ...(wish.retentionPolicy === undefined ? {} : { retentionPolicy: wish.retentionPolicy }),
    };
    const nowMs = this.#chat.clock.now();
    const id = newThreadId(this.#chat.ids);
    const thread = await createThread(this.#chat, tx, {
      id,
      resourceId,
      createdBy: caller.identity,
      createdAtMs: nowMs,
      properties,
      participants,
    });
    await this.#chat.announceIn(tx, {
      kind: 'threadCreated',
      resourceId,
      threadId: thread.id,
      recipients: participants.map((participant) => participant.userId),
      versionMs: nowMs,
      actor: { userId: caller.identity, displayName: creator.displayName ?? '' },
      createdAtMs: nowMs,
      atMs: nowMs,
      properties,
      participants,
    });
    const { no: _no, version: _version, messageDays: _messageDays, ...visible } = thread;
    return { thread: visible, invalid };
  }
}

function changed(old: ThreadProperties, change: ThreadChange): ThreadProperties {
  const metadata = mergeMetadata(old.metadata, change.metadata);
  const retentionPolicy = change.retentionPolicy === undefined ? old.retentionPolicy : (change.retentionPolicy ?? undefined);
  return {
    topic: change.topic ?? old.topic,
    ...(metadata === undefined ? {} : { metadata }),
    ...(retentionPolicy === undefined ? {} : { retentionPolicy }),
  };
}

/** Ids of our form carry their resource: another one's can be named as such without knowing whether it exists. */
function isOfOtherResource(userId: string, resourceId: string): boolean {
  const resource = /^8:acs:([0-9a-f-]{36})_/.exec(userId)?.[1];
  return resource !== undefined && resource !== resourceId;
}
