import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The numbers of planted threads begin here. */
const FIRST_NO = 1_000_000;
const MESSAGES_EACH = 2;
const DAY_MS = 86_400_000;

export interface Backlog {
  /** Pieces of work that are left. */
  readonly pending: number;
  /** Threads of which something is left. */
  readonly threads: number;
  /** Threads of which something is left although no work waits that would remove it. */
  readonly forgotten: number;
}

/**
 * What a server finds that was down for long: so many threads, deleted more than thirty days ago, each with work that is
 * due and removes it. Planted into the data folder of a server that is stopped, as copies of a thread that it holds;
 * making them over the API would take longer than the test.
 */
export function plantBacklog(folder: string, count: number): void {
  using database = new DatabaseSync(join(folder, 'switchboard.db'));
  const numbers = `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n + 1 < ${count})`;
  const deletedAt = Date.now() - 31 * DAY_MS;
  database.exec(`
    begin;
    create temp table one as select * from chat_threads order by no limit 1;
    insert into chat_threads (no, id, resource_id, created_by, created_at, deleted_at, properties, version, last_message_id, last_sequence, retention_armed)
      ${numbers} select ${FIRST_NO} + n, 'planted-' || n, resource_id, created_by, created_at, ${deletedAt}, properties, version, last_message_id,
        last_sequence, 0 from numbers, one;
    insert into chat_participants (thread_no, user_id, profile, history_from)
      ${numbers} select ${FIRST_NO} + n, created_by, x'00', 0 from numbers, one;
    insert into chat_messages (thread_no, id, sequence, version, type, content)
      ${numbers} select ${FIRST_NO} + n / ${MESSAGES_EACH}, 1 + n % ${MESSAGES_EACH}, 1 + n % ${MESSAGES_EACH}, 1, 'text', zeroblob(300)
        from (select * from numbers union all select n + ${count} from numbers);
    insert into due_work (id, kind, due_at, payload, leased_until, attempts)
      ${numbers} select 'planted-' || n, 'chat/purge-thread', ${deletedAt + 30 * DAY_MS} + n / 4,
        json_object('resourceId', resource_id, 'no', ${FIRST_NO} + n), 0, 0 from numbers, one;
    commit;`);
}

/** The first figure alone: cheap enough to ask for again and again beside the server. */
export function pendingWork(folder: string): number {
  using database = new DatabaseSync(join(folder, 'switchboard.db'), { readOnly: true });
  return Number(database.prepare("select count(*) as n from due_work where kind = 'chat/purge-thread'").get()?.['n']);
}

export function lookAtBacklog(folder: string): Backlog {
  using database = new DatabaseSync(join(folder, 'switchboard.db'), { readOnly: true });
  const left = `(select no from chat_threads where no >= ${FIRST_NO} union select thread_no from chat_messages where thread_no >= ${FIRST_NO}
    union select thread_no from chat_participants where thread_no >= ${FIRST_NO})`;
  const row = database
    .prepare(
      `select (select count(*) from due_work where kind = 'chat/purge-thread') as pending, (select count(*) from ${left}) as threads,
        (select count(*) from ${left} where not exists (select 1 from due_work where id = 'planted-' || (no - ${FIRST_NO}))) as forgotten`,
    )
    .get() as Record<keyof Backlog, number>;
  return { pending: row.pending, threads: row.threads, forgotten: row.forgotten };
}
