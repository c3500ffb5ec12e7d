import type { MaybePromise, Transaction } from '../storage/index.ts';
import type { ChatCaller } from './chat-caller.ts';
import { type ChatContext, parseMessageId } from './chat-context.ts';
import type { MessageContent, Metadata } from './content.ts';
import { chatErrors } from './errors.ts';
import { checkMessageText, cleanedText } from './message-text.ts';
import { checkMetadata, mergeMetadata } from './metadata.ts';
import { requireScope } from './scopes.ts';
import type { Message } from './store/message-store.ts';
import { checkSmallEnough, presentRow, type Thread } from './thread-cache.ts';

export interface NewMessage {
  readonly content: string;
  readonly type: 'text' | 'html';
  readonly senderDisplayName: string | undefined;
  readonly metadata: Metadata | undefined;
}

export interface MessageChange {
  readonly content?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string | null>> | null | undefined;
}

/** Which message of which thread, as the caller named it. */
export interface MessagePlace {
  readonly threadId: string;
  readonly messageId: string;
}

/** Messages: send, read, edit, delete. */
export class MessageService {
  readonly #chat: ChatContext;

  constructor(chat: ChatContext) {
    this.#chat = chat;
  }

  /** Stores a message durably and announces it. */
  async send(caller: ChatCaller, threadId: string, wish: NewMessage): Promise<Message> {
    requireScope(caller, 'takePart');
    checkMessageText(wish.content, { limits: caller.resource.limits, target: 'content' });
    checkMetadata(wish.metadata, { limits: caller.resource.limits, target: 'metadata' });
    const content: MessageContent = {
      text: cleanedText(wish.content, wish.type),
      senderDisplayName: wish.senderDisplayName ?? '',
      ...(wish.metadata === undefined ? {} : { metadata: wish.metadata }),
    };
    await this.#chat.count(caller, 'writeMessage', threadId);
    return this.#chat.write(caller.resource.id, threadId, async (tx, thread) => {
      presentRow(thread, caller.identity);
      const message = await this.#chat.append(tx, thread, { type: wish.type, sender: caller.identity, content });
      if (message === undefined) return undefined;
      await this.#announce(tx, thread, { kind: 'messageReceived', message, atMs: message.id });
      return message;
    });
  }

  /** Newest first, within the part of the history that the caller may see. */
  async list(
    caller: ChatCaller,
    threadId: string,
    query: { readonly belowId: number; readonly sinceMs: number; readonly limit: number },
  ): Promise<Message[]> {
    requireScope(caller, 'takePart');
    await this.#chat.count(caller, 'listMessages', threadId);
    const thread = await this.#chat.thread(caller.resource.id, threadId);
    const bounds = this.#chat.readableIds(thread, await this.#chat.readerRow(thread, caller.identity));
    const range = { fromId: Math.max(bounds.fromId, query.sinceMs), belowId: Math.min(bounds.belowId, query.belowId), limit: query.limit };
    return this.#chat.messages.page(this.#chat.storageOf(thread.resourceId).read, thread, range);
  }

  async get(caller: ChatCaller, { threadId, messageId }: MessagePlace): Promise<Message> {
    requireScope(caller, 'takePart');
    await this.#chat.count(caller, 'getMessage', threadId);
    const thread = await this.#chat.thread(caller.resource.id, threadId);
    const bounds = this.#chat.readableIds(thread, await this.#chat.readerRow(thread, caller.identity));
    const id = parseMessageId(messageId);
    if (id < bounds.fromId || id >= bounds.belowId) throw chatErrors.unknownMessage();
    const message = await this.#chat.messages.find(this.#chat.storageOf(thread.resourceId).read, thread, id);
    if (message === undefined) throw chatErrors.unknownMessage();
    return message;
  }

  /** @throws ApiError 403 for a message of somebody else, 404 for an unknown or deleted one */
  async update(caller: ChatCaller, place: MessagePlace, change: MessageChange): Promise<void> {
    requireScope(caller, 'takePart');
    if (change.content !== undefined && change.content !== null)
      checkMessageText(change.content, { limits: caller.resource.limits, target: 'content' });
    await this.#chat.count(caller, 'writeMessage', place.threadId);
    await this.#changeOwn(caller, place, (message, nowMs) => {
      const metadata = mergeMetadata(message.content.metadata, change.metadata);
      checkMetadata(metadata, { limits: caller.resource.limits, target: 'metadata' });
      const { metadata: _, text, ...kept } = message.content;
      const content = {
        ...kept,
        text: change.content === undefined || change.content === null ? (text ?? '') : cleanedText(change.content, message.type),
        ...(metadata === undefined ? {} : { metadata }),
      };
      return { ...message, content, version: nowMs, editedAtMs: nowMs };
    });
  }

  async delete(caller: ChatCaller, place: MessagePlace): Promise<void> {
    requireScope(caller, 'takePart');
    await this.#chat.count(caller, 'writeMessage', place.threadId);
    await this.#changeOwn(caller, place, (message, nowMs) => ({
      ...message,
      content: {},
      version: nowMs,
      deletedAtMs: nowMs,
    }));
  }

  /** Tells everybody in the thread that the caller is typing; nothing is stored but the events that somebody subscribed to. */
  async type(caller: ChatCaller, threadId: string, senderDisplayName: string | undefined): Promise<void> {
    requireScope(caller, 'takePart');
    await this.#chat.count(caller, 'type', threadId);
    const thread = await this.#chat.thread(caller.resource.id, threadId);
    const row = presentRow(thread, caller.identity);
    checkSmallEnough(caller, thread);
    const nowMs = this.#chat.clock.now();
    const sender = { userId: caller.identity, displayName: senderDisplayName ?? row.displayName ?? '' };
    await this.#chat.announce({
      kind: 'typing',
      resourceId: thread.resourceId,
      threadId,
      recipients: thread.present,
      versionMs: nowMs,
      sender,
      atMs: nowMs,
    });
  }

  async #changeOwn(
    caller: ChatCaller,
    { threadId, messageId }: MessagePlace,
    change: (message: Message, nowMs: number) => Message,
  ): Promise<void> {
    const id = parseMessageId(messageId);
    await this.#chat.write(caller.resource.id, threadId, async (tx, thread) => {
      presentRow(thread, caller.identity);
      const message = await this.#chat.messages.find(tx, thread, id);
      if (message === undefined || id < this.#chat.retention.firstKeptId(thread)) throw chatErrors.unknownMessage();
      if (message.sender !== caller.identity) throw chatErrors.notSender();
      if (message.deletedAtMs !== undefined) throw chatErrors.deletedMessage();
      // Versions rise even when the clock stands still or goes back.
      const next = change(message, Math.max(this.#chat.clock.now(), message.version + 1));
      if (!(await this.#chat.threads.isCurrent(tx, thread))) return undefined;
      if (!(await this.#chat.messages.replace(tx, thread, { before: message, after: next }))) return undefined;
      const kind = next.deletedAtMs === undefined ? 'messageEdited' : 'messageDeleted';
      // What was deleted keeps its sender's name in the announcement.
      const announced =
        next.deletedAtMs === undefined ? next : { ...next, content: { senderDisplayName: message.content.senderDisplayName ?? '' } };
      await this.#announce(tx, thread, { kind, message: announced, atMs: next.version });
      return next;
    });
  }

  #announce(
    tx: Transaction,
    thread: Thread,
    fact: { readonly kind: 'messageReceived' | 'messageEdited' | 'messageDeleted'; readonly message: Message; readonly atMs: number },
  ): MaybePromise<void> {
    return this.#chat.announceIn(tx, {
      ...fact,
      resourceId: thread.resourceId,
      threadId: thread.id,
      recipients: thread.present,
      versionMs: fact.message.version,
    });
  }
}

/** @throws ApiError 400 for anything that users do not send */
export function parseMessageType(text: string): NewMessage['type'] {
  const type = text.toLowerCase();
  if (type !== 'text' && type !== 'html') throw chatErrors.invalid('type', 'must be text or html');
  return type;
}
