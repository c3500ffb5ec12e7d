import type { ParticipantError } from '@switchboard/contract';
import type { ChatCaller } from './chat-caller.ts';
import type { Transaction } from '../storage/index.ts';
import type { ChatContext } from './chat-context.ts';
import { chatErrors } from './errors.ts';
import type { WantedParticipant } from './participants.ts';
import { requireScope } from './scopes.ts';
import type { ParticipantRow } from './store/participant-store.ts';
import { actorIn, presentRow, type Thread } from './thread-cache.ts';
import type { ThreadService } from './thread-service.ts';

/** Who is in a thread. */
export class ParticipantService {
  readonly #chat: ChatContext;
  readonly #threads: ThreadService;

  constructor(chat: ChatContext, threads: ThreadService) {
    this.#chat = chat;
    this.#threads = threads;
  }

  /** Everybody who takes part now, in a fixed order. */
  async list(caller: ChatCaller, threadId: string): Promise<readonly ParticipantRow[]> {
    requireScope(caller, 'takePart');
    await this.#chat.count(caller, 'listParticipants', threadId);
    const thread = await this.#chat.thread(caller.resource.id, threadId);
    presentRow(thread, caller.identity);
    // By code unit, whatever the database's collation: paging compares ids the same way.
    return [...thread.rows.values()].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  }

  /** Adds who is not in the thread yet; those who are stay as they were. @returns those who could not be added */
  async add(caller: ChatCaller, threadId: string, wanted: readonly WantedParticipant[]): Promise<readonly ParticipantError[]> {
    requireScope(caller, 'manageParticipants');
    if (wanted.length === 0) throw chatErrors.invalid('participants', 'must name at least one user');
    await this.#chat.count(caller, 'changeParticipants', threadId);
    return this.#chat.change(caller.resource.id, threadId, async (tx, thread) => {
      const actor = actorIn(thread, caller);
      const { valid, invalid } = await this.#threads.admit(tx, thread.resourceId, wanted);
      const added = valid.filter((participant) => !thread.rows.has(participant.userId));
      if (added.length === 0) return invalid;
      caller.resource.limits.atMost('chat.participants-per-thread', thread.present.length + added.length, 'participants');
      const message = await this.#chat.append(tx, thread, {
        type: 'participantAdded',
        content: { participants: added, initiator: caller.identity },
      });
      if (message === undefined || !(await this.#chat.threads.touch(tx, thread))) return undefined;
      for (const participant of added) await this.#chat.participants.add(tx, thread, participant);
      await this.#chat.announceIn(tx, {
        kind: 'participantsAdded',
        resourceId: thread.resourceId,
        threadId,
        recipients: [...thread.present, ...added.map((participant) => participant.userId)],
        versionMs: message.id,
        actor,
        createdAtMs: thread.createdAtMs,
        atMs: message.id,
        participants: added,
      });
      return invalid;
    });
  }

  /** Removes a participant, oneself included. The removed one keeps the history up to here. @throws ApiError 404 */
  async remove(caller: ChatCaller, threadId: string, userId: string): Promise<void> {
    requireScope(caller, 'manageParticipants');
    await this.#chat.count(caller, 'changeParticipants', threadId);
    await this.#chat.change(caller.resource.id, threadId, async (tx, thread) => {
      return this.#remove(tx, thread, { userId, initiator: actorIn(thread, caller).userId });
    });
  }

  /** Takes a deleted identity out of a thread, as its own act. */
  async forgetUser(tx: Transaction, thread: Thread, userId: string): Promise<boolean> {
    if (thread.rows.has(userId) && (await this.#remove(tx, thread, { userId, initiator: userId })) === undefined) return false;
    await this.#chat.participants.forget(tx, thread.no, userId);
    return true;
  }

  async #remove(
    tx: Transaction,
    thread: Thread,
    removal: { readonly userId: string; readonly initiator: string },
  ): Promise<Thread | undefined> {
    const { userId, initiator } = removal;
    const row = thread.rows.get(userId);
    if (row === undefined) throw chatErrors.notInThread();
    const { removedAfter: _, ...participant } = row;
    const message = await this.#chat.append(tx, thread, {
      type: 'participantRemoved',
      content: { participants: [participant], initiator },
    });
    if (message === undefined || !(await this.#chat.threads.touch(tx, thread))) return undefined;
    await this.#chat.receipts.forget(tx, thread.no, userId);
    await this.#chat.participants.remove(tx, thread, { participant, lastMessageId: message.id, topic: thread.properties.topic });
    await this.#chat.announceIn(tx, {
      kind: 'participantsRemoved',
      resourceId: thread.resourceId,
      threadId: thread.id,
      // The removed one is told too.
      recipients: thread.present,
      versionMs: message.id,
      actor: { userId: initiator, displayName: thread.rows.get(initiator)?.displayName ?? '' },
      createdAtMs: thread.createdAtMs,
      atMs: message.id,
      participants: [participant],
    });
    return thread;
  }
}
