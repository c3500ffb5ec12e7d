import type { Kysely, Selectable } from 'kysely';
import { type Reader, statement } from '../../storage/index.ts';
import type { ContentSeal, DeletionReason } from '../content.ts';
import type { ChatTables } from './migrations.ts';
import { openThread, type ThreadRow } from './thread-store.ts';

const sql = statement<ChatTables>();

/** Whole threads, deleted ones included. */
function threads(db: Kysely<ChatTables>) {
  return db
    .selectFrom('chat_threads')
    .selectAll('chat_threads')
    .select((eb) =>
      eb
        .selectFrom('chat_participants as present')
        .whereRef('present.thread_no', '=', 'chat_threads.no')
        .where('present.removed_after', 'is', null)
        .select((count) => count.fn.countAll<number>().as('participants'))
        .as('participants'),
    );
}

type Page = Readonly<Record<'before_no' | 'limit', number>>;

function ofResource(db: Kysely<ChatTables>, p: Page & { readonly resource_id: string }) {
  return threads(db)
    .where('resource_id', '=', p.resource_id)
    .where('chat_threads.no', '<', p.before_no)
    .orderBy('chat_threads.no', 'desc')
    .limit(p.limit);
}

const byId = sql((db, p: { id: string }) => threads(db).where('id', '=', p.id));
/** Deleted and other threads have an index each, so that neither list walks over the rows of the other. */
const lists = {
  all: sql((db, p: Page & { resource_id: string }) => ofResource(db, p)),
  deleted: sql((db, p: Page & { resource_id: string }) => ofResource(db, p).where('deleted_at', 'is not', null)),
  live: sql((db, p: Page & { resource_id: string }) => ofResource(db, p).where('deleted_at', 'is', null)),
} as const;
/** Of a user's threads those deleted in a span of time; those that are not count as deleted at -1. */
const ofUser = sql((db, p: Page & { resource_id: string; user_id: string; alive: number; from: number; to: number }) =>
  threads(db)
    .innerJoin('chat_participants as own', 'own.thread_no', 'chat_threads.no')
    .where('own.user_id', '=', p.user_id)
    .where('own.thread_no', '<', p.before_no)
    .where('resource_id', '=', p.resource_id)
    .where((eb) => eb.fn.coalesce('deleted_at', eb.val(p.alive)), '>=', p.from)
    .where((eb) => eb.fn.coalesce('deleted_at', eb.val(p.alive)), '<=', p.to)
    .orderBy('own.thread_no', 'desc')
    .limit(p.limit),
);
const NEVER = -1;
const SPANS = {
  all: { from: NEVER, to: Number.MAX_SAFE_INTEGER },
  deleted: { from: 0, to: Number.MAX_SAFE_INTEGER },
  live: { from: NEVER, to: NEVER },
} as const;

export type ThreadState = keyof typeof SPANS;

/** A thread as an administrator sees it. */
export interface StoredThread extends ThreadRow {
  /** How many take part now. */
  readonly participants: number;
  /** Undefined for a thread without a message. */
  readonly lastMessageAtMs: number | undefined;
  readonly deletedAtMs: number | undefined;
  /** Undefined also for threads that were deleted before reasons were kept. */
  readonly deletedReason: DeletionReason | undefined;
}

export interface ThreadQuery {
  readonly resourceId: string;
  readonly state: ThreadState;
  /** Only threads with a row of this user, who takes part or once did. */
  readonly userId: string | undefined;
  readonly beforeNo: number;
  readonly limit: number;
}

/** Reads what the other stores hide: deleted threads, and the threads of everybody. */
export class OversightStore {
  readonly #seal: ContentSeal;

  constructor(seal: ContentSeal) {
    this.#seal = seal;
  }

  async find(read: Reader, id: string): Promise<StoredThread | undefined> {
    const row = await read.get(byId, { id });
    return row === undefined ? undefined : this.#open(row);
  }

  /** Newest first. */
  async list(read: Reader, { resourceId, state, userId, beforeNo, limit }: ThreadQuery): Promise<StoredThread[]> {
    const page = { resource_id: resourceId, before_no: beforeNo, limit };
    const rows =
      userId === undefined
        ? await read.all(lists[state], page)
        : await read.all(ofUser, { ...page, user_id: userId, alive: NEVER, ...SPANS[state] });
    return rows.map((row) => this.#open(row));
  }

  #open(row: ListedRow): StoredThread {
    return {
      ...openThread(this.#seal, row),
      participants: row.participants ?? 0,
      lastMessageAtMs: row.last_message_id === 0 ? undefined : row.last_message_id,
      deletedAtMs: row.deleted_at ?? undefined,
      // Written by `ThreadStore.markDeleted`.
      deletedReason: (row.deleted_reason as DeletionReason | null) ?? undefined,
    };
  }
}

type ListedRow = Selectable<ChatTables['chat_threads']> & { readonly participants: number | null };
