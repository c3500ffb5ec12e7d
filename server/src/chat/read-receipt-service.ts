import type { ChatCaller } from './chat-caller.ts';
import { type ChatContext, parseMessageId } from './chat-context.ts';
import { chatErrors } from './errors.ts';
import { requireScope } from './scopes.ts';
import type { ReadReceipt } from './store/read-receipt-store.ts';
import { checkSmallEnough, presentRow } from './thread-cache.ts';

/** How far everybody has read: one receipt for each participant, the newest. */
export class ReadReceiptService {
  readonly #chat: ChatContext;

  constructor(chat: ChatContext) {
    this.#chat = chat;
  }

  /**
   * Notes that the caller has read up to a message, and tells the others. A receipt for an older message than the present
   * one changes nothing and is told to nobody.
   *
   * @throws ApiError 404 for a message that the caller cannot see, 403 for callers who do not take part
   */
  async send(caller: ChatCaller, threadId: string, messageIdText: string): Promise<void> {
    requireScope(caller, 'takePart');
    const messageId = parseMessageId(messageIdText);
    await this.#chat.count(caller, 'sendReceipt', threadId);
    await this.#chat.write(caller.resource.id, threadId, async (tx, thread) => {
      const row = presentRow(thread, caller.identity);
      checkSmallEnough(caller, thread);
      const { fromId, belowId } = this.#chat.readableIds(thread, row);
      const isReadable = messageId >= fromId && messageId < belowId && (await this.#chat.messages.exists(tx, thread.no, messageId));
      if (!isReadable) throw chatErrors.unknownMessage();
      if (!(await this.#chat.threads.isCurrent(tx, thread))) return undefined;
      const receipt: ReadReceipt = { userId: caller.identity, messageId, readAtMs: this.#chat.clock.now() };
      if (!(await this.#chat.receipts.advance(tx, thread.no, receipt))) return thread;
      await this.#chat.announceIn(tx, {
        kind: 'messageRead',
        resourceId: thread.resourceId,
        threadId,
        recipients: thread.present.filter((userId) => userId !== caller.identity),
        versionMs: receipt.readAtMs,
        reader: { userId: caller.identity, displayName: row.displayName ?? '' },
        messageId,
        atMs: receipt.readAtMs,
      });
      return thread;
    });
  }

  /** The receipts of all participants, in a fixed order. */
  async list(caller: ChatCaller, threadId: string): Promise<readonly ReadReceipt[]> {
    requireScope(caller, 'takePart');
    await this.#chat.count(caller, 'listReceipts', threadId);
    const thread = await this.#chat.thread(caller.resource.id, threadId);
    presentRow(thread, caller.identity);
    const receipts = await this.#chat.receipts.ofThread(this.#chat.storageOf(thread.resourceId).read, thread.no);
    // By code unit, whatever the database's collation: paging compares ids the same way.
    return receipts.sort((a, b) => (a.userId < b.userId ? -1 : 1));
  }
}
