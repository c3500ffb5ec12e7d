import type { ResourceRef } from '../../http/index.ts';
import { identityStore } from '../../identity/index.ts';
import type { ChatCaller } from '../chat-caller.ts';
import type { ChatContext } from '../chat-context.ts';
import type { MessageService, NewMessage } from '../message-service.ts';
import type { ParticipantService } from '../participant-service.ts';
import type { WantedParticipant } from '../participants.ts';
import type { ReadReceiptService } from '../read-receipt-service.ts';
import type { Message } from '../store/message-store.ts';
import type { CreatedThread, NewThread, ThreadChange, ThreadService } from '../thread-service.ts';
import { oversightErrors } from './errors.ts';

export interface ActingAdministratorOptions {
  readonly context: ChatContext;
  readonly threads: ThreadService;
  readonly participants: ParticipantService;
  readonly messages: MessageService;
  readonly receipts: ReadReceiptService;
}

/** A thread, and the user in whose name something is done there. */
export interface ActingPlace {
  readonly resource: ResourceRef;
  readonly threadId: string;
  readonly as: string;
}

const SCOPES: ReadonlySet<string> = new Set(['chat']);

/**
 * Does what users do, without their tokens. Everything passes the services that the chat API uses: the same checks, limits,
 * events and system messages. Threads and their participants are managed in the name of the thread's creator, because what
 * clients are told names a user.
 */
export class ActingAdministrator {
  readonly #options: ActingAdministratorOptions;

  constructor(options: ActingAdministratorOptions) {
    this.#options = options;
  }

  /** @throws ApiError 404 when `as` is no user of the resource */
  async createThread(resource: ResourceRef, as: string, wish: NewThread): Promise<CreatedThread> {
    return this.#options.threads.create(await this.#user(resource, as), wish);
  }

  /** @throws ApiError 404 when `as` is no user of the resource, 403 when it takes no part in the thread */
  async send({ resource, as, threadId }: ActingPlace, message: NewMessage): Promise<Message> {
    return this.#options.messages.send(await this.#user(resource, as), threadId, message);
  }

  async type({ resource, as, threadId }: ActingPlace, senderDisplayName: string | undefined): Promise<void> {
    await this.#options.messages.type(await this.#user(resource, as), threadId, senderDisplayName);
  }

  async read({ resource, as, threadId }: ActingPlace, messageId: string): Promise<void> {
    await this.#options.receipts.send(await this.#user(resource, as), threadId, messageId);
  }

  /** @throws ApiError 404, 400 naming what the limits do not allow */
  async updateThread(resource: ResourceRef, threadId: string, change: ThreadChange): Promise<void> {
    await this.#options.threads.update(await this.#creator(resource, threadId), threadId, change);
  }

  /** @throws ApiError 404 */
  async deleteThread(resource: ResourceRef, threadId: string): Promise<void> {
    await this.#options.threads.delete(await this.#creator(resource, threadId), threadId);
  }

  async addParticipants(
    resource: ResourceRef,
    threadId: string,
    wanted: readonly WantedParticipant[],
  ): ReturnType<ParticipantService['add']> {
    return this.#options.participants.add(await this.#creator(resource, threadId), threadId, wanted);
  }

  /** @throws ApiError 404 when the user takes no part in the thread */
  async removeParticipant(resource: ResourceRef, threadId: string, userId: string): Promise<void> {
    await this.#options.participants.remove(await this.#creator(resource, threadId), threadId, userId);
  }

  async #user(resource: ResourceRef, identity: string): Promise<ChatCaller> {
    const { read } = this.#options.context.storageOf(resource.id);
    if ((await identityStore.find(read, { resourceId: resource.id, id: identity })) === undefined)
      throw oversightErrors.unknownUser('as', identity);
    return { resource, identity, scopes: SCOPES };
  }

  async #creator(resource: ResourceRef, threadId: string): Promise<ChatCaller> {
    const { createdBy } = await this.#options.context.thread(resource.id, threadId);
    return { resource, identity: createdBy, scopes: SCOPES, isAdministrator: true };
  }
}
