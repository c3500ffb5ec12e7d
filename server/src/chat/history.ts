import type { Reader, Transaction } from '../storage/index.ts';
import type { ChatContext } from './chat-context.ts';
import type { Metadata } from './content.ts';
import { cleanedText } from './message-text.ts';
import type { Message } from './store/message-store.ts';
import type { ReadReceipt } from './store/read-receipt-store.ts';
import type { ThreadRow } from './store/thread-store.ts';
import { createThread, newThreadId, type ThreadToCreate } from './thread-creation.ts';

/** A message as if its sender had sent it back then. */
export interface PastMessage {
  readonly sender: string;
  readonly senderDisplayName: string;
  readonly type: 'text' | 'html';
  /** What it says after its last edit. */
  readonly text: string;
  readonly metadata: Metadata | undefined;
  /** Milliseconds since the epoch. */
  readonly sentAtMs: number;
  readonly editedAtMs: number | undefined;
  readonly deletedAtMs: number | undefined;
  /** Who has read up to here. */
  readonly readBy: readonly Omit<ReadReceipt, 'messageId'>[];
}

/** A thread with what happened in it before. */
export interface PastThread extends Omit<ThreadToCreate, 'id' | 'resourceId'> {
  /** In the order in which they were sent. */
  readonly messages: readonly PastMessage[];
}

/**
 * Threads that are stored together with their history, as if users had been at work for a while. It is a matter of the
 * past: nobody is told.
 */
export class ChatHistory {
  readonly #chat: ChatContext;

  constructor(chat: ChatContext) {
    this.#chat = chat;
  }

  /** An id for a thread to come. To be drawn once, however often the transaction is run that stores it. */
  newId(): string {
    return newThreadId(this.#chat.ids);
  }

  /** Stores what its author has checked. @returns the ids of its messages, in their order */
  async write(tx: Transaction, { messages, ...wish }: PastThread & Pick<ThreadRow, 'id' | 'resourceId'>): Promise<number[]> {
    const thread = await createThread(this.#chat, tx, wish);
    const ids: number[] = [];
    for (const message of messages) ids.push(await this.#writeMessage(tx, thread, message));
    return ids;
  }

  /** Whether there is not one thread. */
  async isEmpty(read: Reader): Promise<boolean> {
    return !(await this.#chat.threads.areThereAny(read));
  }

  async #writeMessage(tx: Transaction, thread: ThreadRow, past: PastMessage): Promise<number> {
    const { sender, senderDisplayName, type, text, metadata, sentAtMs } = past;
    const content = { text: cleanedText(text, type), senderDisplayName, ...(metadata === undefined ? {} : { metadata }) };
    const sent = await this.#chat.append(tx, thread, { type, sender, content, atMs: sentAtMs });
    if (sent === undefined) throw new Error('a thread was gone while it was written');
    const changed = changedSince(sent, past);
    if (changed !== sent) await this.#chat.messages.replace(tx, thread, { before: sent, after: changed });
    for (const receipt of past.readBy) await this.#chat.receipts.advance(tx, thread.no, { ...receipt, messageId: sent.id });
    return sent.id;
  }
}

/** The message after its edit and its deletion. Versions rise as they do when users change it. */
function changedSince(sent: Message, { editedAtMs, deletedAtMs }: PastMessage): Message {
  let message = sent;
  if (editedAtMs !== undefined) {
    const version = Math.max(editedAtMs, message.version + 1);
    message = { ...message, version, editedAtMs: version };
  }
  if (deletedAtMs !== undefined) {
    const version = Math.max(deletedAtMs, message.version + 1);
    message = { ...message, content: {}, version, deletedAtMs: version };
  }
  return message;
}
