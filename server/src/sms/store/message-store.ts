import { type KeyRing, pick, type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { MessageContent, MessageState, OutgoingMessage, Progress, StoredMessage } from '../message.ts';
import type { DeliveryCode } from '../reports/delivery-codes.ts';
import type { SmsTables } from './migrations.ts';

const sql = statement<SmsTables>();
type Row = SmsTables['sms_messages'];
type Nothing = Record<never, never>;

const insert = sql((db, p: Row) =>
  db
    .insertInto('sms_messages')
    .values(
      pick(
        p,
        'no',
        'resource_id',
        'message_id',
        'sender',
        'recipient',
        'carrier',
        'lane',
        'state',
        'segments',
        'succeeded',
        'failed',
        'wants_report',
        'created_at',
        'submitted_at',
        'concluded_at',
        'due_at',
        'code',
        'detail',
        'content',
      ),
    ),
);
const byNo = sql((db, p: { no: number }) => db.selectFrom('sms_messages').selectAll().where('no', '=', p.no));
const waiting = sql((db, p: { lane: string; after: number; limit: number }) =>
  db.selectFrom('sms_messages').selectAll().where('lane', '=', p.lane).where('no', '>', p.after).orderBy('no').limit(p.limit),
);
const waitingCount = sql((db, p: { lane: string }) =>
  db
    .selectFrom('sms_messages')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('lane', '=', p.lane),
);
const overdue = sql((db, p: { now: number; limit: number }) =>
  db.selectFrom('sms_messages').selectAll().where('due_at', '<=', p.now).orderBy('due_at').limit(p.limit),
);
const firstDue = sql((db, _: Nothing) =>
  db
    .selectFrom('sms_messages')
    .select((eb) => eb.fn.min<number | null>('due_at').as('due_at'))
    .where('due_at', 'is not', null),
);
const lastNo = sql((db, _: Nothing) => db.selectFrom('sms_messages').select((eb) => eb.fn.max<number | null>('no').as('no')));
const newest = sql((db, p: { resource_id: string; from_no: number; limit: number }) =>
  db
    .selectFrom('sms_messages')
    .selectAll()
    .where('resource_id', '=', p.resource_id)
    .where('no', '>=', p.from_no)
    .orderBy('no', 'desc')
    .limit(p.limit),
);
const setState = sql((db, p: Pick<Row, 'no' | 'state'>) =>
  db.updateTable('sms_messages').set({ state: p.state }).where('no', '=', p.no).where('lane', 'is not', null),
);
const setSubmitted = sql((db, p: Pick<Row, 'no' | 'lane' | 'state' | 'submitted_at' | 'failed' | 'code' | 'detail'>) =>
  db
    .updateTable('sms_messages')
    .set(pick(p, 'lane', 'state', 'submitted_at', 'failed', 'code', 'detail'))
    .where('no', '=', p.no)
    .where('lane', 'is not', null),
);
const setCounts = sql((db, p: Pick<Row, 'no' | 'succeeded' | 'failed' | 'code' | 'detail'>) =>
  db
    .updateTable('sms_messages')
    .set(pick(p, 'succeeded', 'failed', 'code', 'detail'))
    .where('no', '=', p.no)
    .where('due_at', 'is not', null),
);
const conclude = sql(
  (db, p: Pick<Row, 'no' | 'lane' | 'state' | 'succeeded' | 'failed' | 'submitted_at' | 'concluded_at' | 'due_at' | 'code' | 'detail'>) =>
    db
      .updateTable('sms_messages')
      .set(pick(p, 'lane', 'state', 'succeeded', 'failed', 'submitted_at', 'concluded_at', 'due_at', 'code', 'detail'))
      .where('no', '=', p.no)
      .where('due_at', 'is not', null),
);

/** Messages on their way out, and what became of them. */
export class MessageStore {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  async insert(tx: Transaction, { progress, ...message }: StoredMessage): Promise<void> {
    const { no, text, tag } = message;
    const content: MessageContent = { text, ...(tag === undefined ? {} : { tag }) };
    await tx.run(insert, {
      no,
      resource_id: message.resourceId,
      message_id: message.messageId,
      sender: message.from,
      recipient: message.to,
      carrier: message.carrier,
      lane: progress.state === 'queued' ? message.carrier : null,
      segments: message.segments,
      wants_report: message.wantsReport ? 1 : 0,
      created_at: message.createdAtMs,
      content: this.#keys.seal(JSON.stringify(content), placeOf(no)),
      state: progress.state,
      succeeded: progress.succeeded,
      failed: progress.failed,
      submitted_at: progress.submittedAtMs ?? null,
      concluded_at: progress.concludedAtMs ?? null,
      due_at: progress.dueAtMs ?? null,
      code: progress.code ?? null,
      detail: progress.detail ?? null,
    });
  }

  async find(read: Reader, no: number): Promise<StoredMessage | undefined> {
    const row = await read.get(byNo, { no });
    return row && this.#open(row);
  }

  /** What waits for a carrier behind `afterNo`, in the order of sending. */
  async waiting(read: Reader, carrier: string, { afterNo, limit }: { readonly afterNo: number; readonly limit: number }) {
    return (await read.all(waiting, { lane: carrier, after: afterNo, limit })).map((row) => this.#open(row));
  }

  async countWaiting(read: Reader, carrier: string): Promise<number> {
    return Number((await read.get(waitingCount, { lane: carrier }))?.count ?? 0);
  }

  /** What should have ended by now, the longest overdue first. */
  async overdue(read: Reader, { nowMs, limit }: { readonly nowMs: number; readonly limit: number }): Promise<StoredMessage[]> {
    return (await read.all(overdue, { now: nowMs, limit })).map((row) => this.#open(row));
  }

  async firstDueMs(read: Reader): Promise<number | undefined> {
    return (await read.get(firstDue, {}))?.due_at ?? undefined;
  }

  /** The highest number; 0 for none. */
  async lastNo(read: Reader): Promise<number> {
    return (await read.get(lastNo, {}))?.no ?? 0;
  }

  /** Messages of a resource, newest first, none with a lower number than `fromNo`. */
  async newest(read: Reader, resourceId: string, { fromNo, limit }: { readonly fromNo: number; readonly limit: number }) {
    return (await read.all(newest, { resource_id: resourceId, from_no: fromNo, limit })).map((row) => this.#open(row));
  }

  /** Says of a message that waits whether it is being handed to its carrier. @returns false when it waits no more */
  async mark(tx: Transaction, no: number, state: 'queued' | 'submitting'): Promise<boolean> {
    return (await tx.run(setState, { no, state })) > 0;
  }

  /** Its carrier has taken it. @returns false when it did not wait for that any more */
  async submit(tx: Transaction, no: number, { submittedAtMs, failed, code, detail }: Progress): Promise<boolean> {
    const changed = await tx.run(setSubmitted, {
      no,
      lane: null,
      state: 'submitted' satisfies MessageState,
      submitted_at: submittedAtMs ?? null,
      failed,
      code: code ?? null,
      detail: detail ?? null,
    });
    return changed > 0;
  }

  /** A carrier has told of some segments. */
  async count(tx: Transaction, no: number, { succeeded, failed, code, detail }: Progress): Promise<void> {
    await tx.run(setCounts, { no, succeeded, failed, code: code ?? null, detail: detail ?? null });
  }

  /** @returns false when it had ended before */
  async conclude(tx: Transaction, no: number, progress: Progress): Promise<boolean> {
    const changed = await tx.run(conclude, {
      no,
      lane: null,
      due_at: null,
      state: progress.state,
      succeeded: progress.succeeded,
      failed: progress.failed,
      submitted_at: progress.submittedAtMs ?? null,
      concluded_at: progress.concludedAtMs ?? null,
      code: progress.code ?? null,
      detail: progress.detail ?? null,
    });
    return changed > 0;
  }

  #open(row: Row): StoredMessage {
    // Written by `insert`.
    const content = JSON.parse(this.#keys.unseal(row.content, placeOf(row.no)).toString('utf8')) as MessageContent;
    return { ...outgoingOf(row, content), progress: progressOf(row) };
  }
}

function outgoingOf(row: Row, content: MessageContent): OutgoingMessage {
  return {
    ...content,
    no: row.no,
    resourceId: row.resource_id,
    messageId: row.message_id,
    from: row.sender,
    to: row.recipient,
    carrier: row.carrier,
    segments: row.segments,
    wantsReport: row.wants_report === 1,
    createdAtMs: row.created_at,
  };
}

function progressOf(row: Row): Progress {
  return {
    // Only ever written from these types.
    state: row.state as MessageState,
    succeeded: row.succeeded,
    failed: row.failed,
    ...(row.submitted_at === null ? {} : { submittedAtMs: row.submitted_at }),
    ...(row.due_at === null ? {} : { dueAtMs: row.due_at }),
    ...(row.concluded_at === null ? {} : { concludedAtMs: row.concluded_at }),
    ...(row.code === null ? {} : { code: row.code as DeliveryCode }),
    ...(row.detail === null ? {} : { detail: row.detail }),
  };
}

function placeOf(no: number): string {
  return `sms ${no}`;
}
