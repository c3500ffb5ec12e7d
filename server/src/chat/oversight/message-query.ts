import type { TextMatch } from '../../http/index.ts';
import { parseTime } from '../time.ts';
import type { MessageType } from '../content.ts';
import type { Message } from '../store/message-store.ts';

/** Which messages of a resource are looked for; what is undefined does not matter. */
export interface MessageQuery {
  readonly resourceId: string;
  readonly threadId: string | undefined;
  readonly sender: string | undefined;
  /** Somebody who can read the message and did not send it. */
  readonly recipient: string | undefined;
  readonly type: MessageType | undefined;
  /** The first id that counts. */
  readonly fromId: number;
  readonly match: TextMatch | undefined;
  /** Whether system messages count. */
  readonly system: boolean;
}

/** A message with the id of its thread. */
export interface FoundMessage {
  readonly threadId: string;
  readonly message: Message;
}

/** Whether the message itself is looked for; who can read it is another matter. Deleted ones never are. */
export function isSought({ type, sender, content, id, deletedAtMs }: Message, query: MessageQuery): boolean {
  if (deletedAtMs !== undefined || id < query.fromId) return false;
  if (query.type === undefined ? sender === undefined && !query.system : type !== query.type) return false;
  if (query.sender !== undefined && sender !== query.sender) return false;
  if (query.recipient !== undefined && sender === query.recipient) return false;
  return query.match?.isIn(content.text ?? content.topic ?? '') ?? true;
}

/**
 * The first message id that `since` means: that of a time, or the one after a message's. Ids are times in milliseconds.
 *
 * @throws ApiError 400
 */
export function idSince(since: string | undefined): number {
  if (since === undefined) return 0;
  return /^[1-9]\d{0,14}$/.test(since) ? Number(since) + 1 : parseTime(since, 'since');
}
