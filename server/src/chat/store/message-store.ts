import { type Reader, pick, statement, type Transaction } from '../../storage/index.ts';
import type { ContentSeal, MessageContent, MessageType } from '../content.ts';
import type { ChatTables } from './migrations.ts';

const sql = statement<ChatTables>();
type Row = ChatTables['chat_messages'];

const insert = sql((db, p: Omit<Row, 'edited_at' | 'deleted_at'>) =>
  db.insertInto('chat_messages').values(pick(p, 'thread_no', 'id', 'sequence', 'version', 'type', 'sender', 'content')),
);
const byId = sql((db, p: { thread_no: number; id: number }) =>
  db.selectFrom('chat_messages').selectAll().where('thread_no', '=', p.thread_no).where('id', '=', p.id),
);
const existing = sql((db, p: { thread_no: number; id: number }) =>
  db.selectFrom('chat_messages').select('id').where('thread_no', '=', p.thread_no).where('id', '=', p.id),
);
const page = sql((db, p: { thread_no: number; from_id: number; below_id: number; limit: number }) =>
  db
    .selectFrom('chat_messages')
    .selectAll()
    .where('thread_no', '=', p.thread_no)
    .where('id', '>=', p.from_id)
    .where('id', '<', p.below_id)
    .orderBy('id', 'desc')
    .limit(p.limit),
);
/** Matches nothing when somebody else changed or deleted the message in between. */
const replace = sql((db, p: Pick<Row, 'thread_no' | 'id' | 'content' | 'version' | 'edited_at' | 'deleted_at'> & { seen: number }) =>
  db
    .updateTable('chat_messages')
    .set({ content: p.content, version: p.version, edited_at: p.edited_at, deleted_at: p.deleted_at })
    .where('thread_no', '=', p.thread_no)
    .where('id', '=', p.id)
    .where('version', '=', p.seen)
    .where('deleted_at', 'is', null),
);
const firstId = sql((db, p: { thread_no: number; limit: number }) =>
  db.selectFrom('chat_messages').select('id').where('thread_no', '=', p.thread_no).orderBy('id').limit(p.limit),
);
const sizesBelow = sql((db, p: { thread_no: number; below_id: number; limit: number }) =>
  db
    .selectFrom('chat_messages')
    .select(['id', (eb) => eb.fn<number>('length', ['content']).as('bytes')])
    .where('thread_no', '=', p.thread_no)
    .where('id', '<', p.below_id)
    .orderBy('id')
    .limit(p.limit),
);
const removeUpTo = sql((db, p: { thread_no: number; id: number }) =>
  db.deleteFrom('chat_messages').where('thread_no', '=', p.thread_no).where('id', '<=', p.id),
);

/** What is removed in one step. */
const ROWS_AT_ONCE = 500;
const BYTES_AT_ONCE = 1_000_000;

export interface Message {
  readonly id: number;
  readonly sequence: number;
  readonly version: number;
  readonly type: MessageType;
  /** Undefined for system messages. */
  readonly sender: string | undefined;
  readonly content: MessageContent;
  readonly editedAtMs: number | undefined;
  readonly deletedAtMs: number | undefined;
}

interface ThreadKey {
  readonly no: number;
  readonly id: string;
}

export class MessageStore {
  readonly #seal: ContentSeal;

  constructor(seal: ContentSeal) {
    this.#seal = seal;
  }

  async insert(
    tx: Transaction,
    thread: ThreadKey,
    message: Pick<Message, 'id' | 'sequence' | 'type' | 'sender' | 'content'>,
  ): Promise<Message> {
    const { id, sequence, type, sender, content } = message;
    await tx.run(insert, {
      thread_no: thread.no,
      id,
      sequence,
      version: id,
      type,
      sender: sender ?? null,
      content: this.#seal.sealContent(thread.id, id, content),
    });
    return { ...message, version: id, editedAtMs: undefined, deletedAtMs: undefined };
  }

  async find(read: Reader, thread: ThreadKey, id: number): Promise<Message | undefined> {
    const row = await read.get(byId, { thread_no: thread.no, id });
    return row === undefined ? undefined : this.#open(thread, row);
  }

  async exists(read: Reader, threadNo: number, id: number): Promise<boolean> {
    return (await read.get(existing, { thread_no: threadNo, id })) !== undefined;
  }

  /** Newest first: ids from `fromId` up to but without `belowId`. */
  async page(
    read: Reader,
    thread: ThreadKey,
    range: { readonly fromId: number; readonly belowId: number; readonly limit: number },
  ): Promise<Message[]> {
    const rows = await read.all(page, { thread_no: thread.no, from_id: range.fromId, below_id: range.belowId, limit: range.limit });
    return rows.map((row) => this.#open(thread, row));
  }

  /** Puts `after` in the place of `before`. @returns false when `before` is not the present state any more */
  async replace(
    tx: Transaction,
    thread: ThreadKey,
    { before, after }: { readonly before: Message; readonly after: Message },
  ): Promise<boolean> {
    const { id, version, content, editedAtMs, deletedAtMs } = after;
    const changed = await tx.run(replace, {
      thread_no: thread.no,
      id,
      seen: before.version,
      version,
      content: this.#seal.sealContent(thread.id, id, content),
      edited_at: editedAtMs ?? null,
      deleted_at: deletedAtMs ?? null,
    });
    return changed > 0;
  }

  /**
   * Removes some messages older than `id`, oldest first: so few that the event loop is never held for long, whatever
   * their size.
   *
   * @returns whether none is left
   */
  async removeSomeBelow(tx: Transaction, threadNo: number, id: number): Promise<boolean> {
    const found = await tx.all(sizesBelow, { thread_no: threadNo, below_id: id, limit: ROWS_AT_ONCE });
    let bytes = 0;
    const beyond = found.findIndex((row) => (bytes += row.bytes) > BYTES_AT_ONCE);
    const some = beyond === -1 ? found : found.slice(0, Math.max(1, beyond));
    const last = some.at(-1);
    if (last !== undefined) await tx.run(removeUpTo, { thread_no: threadNo, id: last.id });
    return some.length === found.length && found.length < ROWS_AT_ONCE;
  }

  async oldestId(read: Reader, threadNo: number): Promise<number | undefined> {
    return (await read.get(firstId, { thread_no: threadNo, limit: 1 }))?.id;
  }

  #open(thread: ThreadKey, row: Row): Message {
    return {
      id: row.id,
      sequence: row.sequence,
      version: row.version,
      // Written by `insert` above.
      type: row.type as MessageType,
      sender: row.sender ?? undefined,
      content: this.#seal.openContent(thread.id, row.id, row.content),
      editedAtMs: row.edited_at ?? undefined,
      deletedAtMs: row.deleted_at ?? undefined,
    };
  }
}
