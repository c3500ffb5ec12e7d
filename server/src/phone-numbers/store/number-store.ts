import { pick, type Reader, statement, type Transaction } from '../../storage/index.ts';
import type { NumberRow, PhoneNumberTables } from './migrations.ts';

const sql = statement<PhoneNumberTables>();

const COLUMNS = [
  'number',
  'resource_id',
  'country',
  'type',
  'assignment',
  'area_code',
  'calling',
  'sms',
  'monthly_cents',
  'carrier',
  'holder',
  'held_until',
  'purchased_at',
  'operation_id',
] as const;

type Row = NumberRow & Record<string, string | number | null>;
interface Place extends Record<string, string | number> {
  readonly country: string;
  readonly type: string;
  readonly area_code: string;
  readonly now: number;
}

const byNumber = sql((db, p: { number: string }) => db.selectFrom('phone_numbers').selectAll().where('number', '=', p.number));
const first = sql((db, p: { limit: number }) => db.selectFrom('phone_numbers').select('number').limit(p.limit));
const ownedPage = sql((db, p: { resource_id: string; after: string; hidden: string; limit: number; skip: number }) =>
  db
    .selectFrom('phone_numbers')
    .selectAll()
    .where('resource_id', '=', p.resource_id)
    .where('number', '>', p.after)
    .where('type', '!=', p.hidden)
    .where('purchased_at', 'is not', null)
    .orderBy('number')
    .limit(p.limit)
    .offset(p.skip),
);
const takenIn = sql((db, p: Place) =>
  db
    .selectFrom('phone_numbers')
    .select('number')
    .where('country', '=', p.country)
    .where('type', '=', p.type)
    .where('area_code', '=', p.area_code)
    .where((eb) => eb.or([eb('held_until', 'is', null), eb('held_until', '>', p.now)])),
);
/** Takes a number that is free, or whose hold is over. */
const take = sql((db, p: Row & { now: number }) =>
  db
    .insertInto('phone_numbers')
    .values(pick(p, ...COLUMNS))
    .onConflict((c) =>
      c
        .column('number')
        .doUpdateSet(pick(p, ...COLUMNS.slice(1)))
        .where('phone_numbers.held_until', '<=', p.now),
    ),
);
const heldBy = sql((db, p: { holder: string }) =>
  db.selectFrom('phone_numbers').selectAll().where('holder', '=', p.holder).orderBy('number'),
);
const keepHeld = sql((db, p: { holder: string; held_until: number | null }) =>
  db.updateTable('phone_numbers').set({ held_until: p.held_until }).where('holder', '=', p.holder),
);
const purchaseHeld = sql((db, p: { holder: string; no_holder: null; purchased_at: number }) =>
  db
    .updateTable('phone_numbers')
    .set({ holder: p.no_holder, held_until: p.no_holder, purchased_at: p.purchased_at })
    .where('holder', '=', p.holder),
);
const freeHeld = sql((db, p: { holder: string }) => db.deleteFrom('phone_numbers').where('holder', '=', p.holder));
/** Says anew what a number is that is owned; its owner and the time of its purchase stay. */
const describe = sql((db, p: Row) =>
  db
    .updateTable('phone_numbers')
    .set(pick(p, 'country', 'type', 'assignment', 'area_code', 'calling', 'sms', 'monthly_cents', 'carrier'))
    .where('number', '=', p.number),
);
/** As {@link take}, and again what the same holder has. */
const takeFor = sql((db, p: Row & { now: number }) =>
  db
    .insertInto('phone_numbers')
    .values(pick(p, ...COLUMNS))
    .onConflict((c) =>
      c
        .column('number')
        .doUpdateSet(pick(p, ...COLUMNS.slice(1)))
        .where((eb) => eb.or([eb('phone_numbers.held_until', '<=', p.now), eb('phone_numbers.holder', '=', p.holder)])),
    ),
);
const freeHeldNumber = sql((db, p: { holder: string; number: string }) =>
  db.deleteFrom('phone_numbers').where('number', '=', p.number).where('holder', '=', p.holder),
);
const freeOverdue = sql((db, p: { holder: string; now: number }) =>
  db.deleteFrom('phone_numbers').where('holder', '=', p.holder).where('held_until', '<=', p.now),
);
const setOperation = sql((db, p: { number: string; operation_id: string | null }) =>
  db.updateTable('phone_numbers').set({ operation_id: p.operation_id }).where('number', '=', p.number),
);
const setCapabilities = sql((db, p: { number: string; calling: string; sms: string; operation_id: string | null }) =>
  db
    .updateTable('phone_numbers')
    .set(pick(p, 'calling', 'sms', 'operation_id'))
    .where('number', '=', p.number),
);
const remove = sql((db, p: { number: string }) => db.deleteFrom('phone_numbers').where('number', '=', p.number));
const removeSome = sql((db, p: { resource_id: string; limit: number }) =>
  db
    .deleteFrom('phone_numbers')
    .where((eb) =>
      eb('number', 'in', eb.selectFrom('phone_numbers').select('number').where('resource_id', '=', p.resource_id).limit(p.limit)),
    ),
);

export interface OwnedPage {
  readonly after: string;
  readonly hidden: string;
  readonly limit: number;
  readonly skip: number;
}

/** Every number that is not free. */
export const numberStore = {
  find: (read: Reader, number: string) => read.get(byNumber, { number }),

  /** In any resource. */
  async areThereAny(read: Reader): Promise<boolean> {
    return (await read.get(first, { limit: 1 })) !== undefined;
  },

  /** Numbers that a resource owns, behind `after`, in their order, without those of the type `hidden`. */
  ownedPage: (read: Reader, { resourceId, ...page }: OwnedPage & { readonly resourceId: string }) =>
    read.all(ownedPage, { resource_id: resourceId, ...page }),

  async takenIn(
    read: Reader,
    place: { readonly country: string; readonly type: string; readonly areaCode: string; readonly nowMs: number },
  ) {
    const { country, type, areaCode, nowMs } = place;
    const rows = await read.all(takenIn, { country, type, area_code: areaCode, now: nowMs });
    return new Set(rows.map(({ number }) => number));
  },

  /** @returns false when somebody has the number */
  async take(tx: Transaction, row: NumberRow, nowMs: number): Promise<boolean> {
    return (await tx.run(take, { ...row, now: nowMs })) > 0;
  },

  async describe(tx: Transaction, row: NumberRow): Promise<void> {
    await tx.run(describe, { ...row });
  },

  /** The same; what the holder of `row` has already is taken again. */
  async takeFor(tx: Transaction, row: NumberRow, nowMs: number): Promise<boolean> {
    return (await tx.run(takeFor, { ...row, now: nowMs })) > 0;
  },

  heldBy: (read: Reader, holder: string) => read.all(heldBy, { holder }),

  /** @param untilMs undefined for as long as a purchase takes */
  async keepHeld(tx: Transaction, holder: string, untilMs: number | undefined): Promise<void> {
    await tx.run(keepHeld, { holder, held_until: untilMs ?? null });
  },

  async purchaseHeld(tx: Transaction, holder: string, nowMs: number): Promise<void> {
    await tx.run(purchaseHeld, { holder, no_holder: null, purchased_at: nowMs });
  },

  async freeHeld(tx: Transaction, holder: string): Promise<void> {
    await tx.run(freeHeld, { holder });
  },

  async freeHeldNumber(tx: Transaction, holder: string, number: string): Promise<void> {
    await tx.run(freeHeldNumber, { holder, number });
  },

  /** Gives back what is held beyond its time. */
  async freeOverdue(tx: Transaction, holder: string, nowMs: number): Promise<void> {
    await tx.run(freeOverdue, { holder, now: nowMs });
  },

  async setOperation(tx: Transaction, number: string, operationId: string | undefined): Promise<void> {
    await tx.run(setOperation, { number, operation_id: operationId ?? null });
  },

  /** Ends the operation on the number, too. */
  async setCapabilities(
    tx: Transaction,
    number: string,
    { calling, sms }: { readonly calling: string; readonly sms: string },
  ): Promise<void> {
    await tx.run(setCapabilities, { number, calling, sms, operation_id: null });
  },

  async remove(tx: Transaction, number: string): Promise<void> {
    await tx.run(remove, { number });
  },

  /** Removes some numbers of a deleted resource. @returns how many */
  removeSome: (tx: Transaction, resourceId: string, limit: number) => tx.run(removeSome, { resource_id: resourceId, limit }),
};
