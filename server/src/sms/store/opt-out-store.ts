import { pick, type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { SmsTables } from './migrations.ts';

const sql = statement<SmsTables>();
type Row = SmsTables['sms_opt_outs'];
type Key = Pick<Row, 'resource_id' | 'sender' | 'recipient'>;

const insert = sql((db, p: Row) =>
  db
    .insertInto('sms_opt_outs')
    .values(pick(p, 'resource_id', 'sender', 'recipient', 'created_at'))
    .onConflict((c) => c.columns(['resource_id', 'sender', 'recipient']).doNothing()),
);
const remove = sql((db, p: Key) =>
  db
    .deleteFrom('sms_opt_outs')
    .where('resource_id', '=', p.resource_id)
    .where('sender', '=', p.sender)
    .where('recipient', '=', p.recipient),
);
const find = sql((db, p: Key) =>
  db
    .selectFrom('sms_opt_outs')
    .select('created_at')
    .where('resource_id', '=', p.resource_id)
    .where('sender', '=', p.sender)
    .where('recipient', '=', p.recipient),
);
const senderBehind = sql((db, p: { resource_id: string; sender: string; limit: number }) =>
  db
    .selectFrom('sms_opt_outs')
    .select(['resource_id', 'sender'])
    .where((eb) => eb(eb.refTuple('resource_id', 'sender'), '>', eb.tuple(p.resource_id, p.sender)))
    .orderBy('resource_id')
    .orderBy('sender')
    .limit(p.limit),
);
const removeSome = sql((db, p: { resource_id: string; limit: number }) =>
  db
    .deleteFrom('sms_opt_outs')
    .where((eb) =>
      eb(
        eb.refTuple('resource_id', 'sender', 'recipient'),
        'in',
        eb
          .selectFrom('sms_opt_outs')
          .select(['resource_id', 'sender', 'recipient'])
          .where('resource_id', '=', p.resource_id)
          .limit(p.limit)
          .$asTuple('resource_id', 'sender', 'recipient'),
      ),
    ),
);

/** A phone and the sender whose messages it does not get. */
export interface OptOut {
  readonly resourceId: string;
  /** As messages name it. */
  readonly sender: string;
  readonly recipient: string;
}

/** Phones that want no messages from a sender. */
export const optOutStore = {
  /** Nothing happens when it is there already. */
  async put(tx: Transaction, optOut: OptOut, nowMs: number): Promise<void> {
    await tx.run(insert, { ...keyOf(optOut), created_at: nowMs });
  },

  async remove(tx: Transaction, optOut: OptOut): Promise<void> {
    await tx.run(remove, keyOf(optOut));
  },

  async has(read: Reader, optOut: OptOut): Promise<boolean> {
    return (await read.get(find, keyOf(optOut))) !== undefined;
  },

  /** Every sender that some phone wants no messages from; as many looks at the store as there are. */
  async *senders(read: Reader): AsyncGenerator<Pick<OptOut, 'resourceId' | 'sender'>> {
    for (let last = { resource_id: '', sender: '' }; ;) {
      const next = await read.get(senderBehind, { ...last, limit: 1 });
      if (next === undefined) return;
      last = next;
      yield { resourceId: next.resource_id, sender: next.sender };
    }
  },

  /** Of a deleted resource. @returns how many */
  removeSome: (tx: Transaction, resourceId: string, limit: number) => tx.run(removeSome, { resource_id: resourceId, limit }),
};

function keyOf({ resourceId, sender, recipient }: OptOut): Key {
  return { resource_id: resourceId, sender, recipient };
}
