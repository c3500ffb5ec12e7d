import type { SeededIds } from '../lib/ids.ts';
import type { SqlEngine } from './engine.ts';
import type { Migration } from './migrations.ts';
import { pick, statement } from './statement.ts';

interface Tables {
  seeded_starts: { no: number };
}

export const seededStartMigrations: readonly Migration[] = [
  {
    name: 'storage/0003-seeded-starts',
    up: async (db, types) => {
      await db.schema
        .createTable('seeded_starts')
        .addColumn('no', types.integer, (c) => c.primaryKey())
        .execute();
    },
  },
];

const sql = statement<Tables>();
const newest = sql((db, _: Record<never, never>) => db.selectFrom('seeded_starts').select((eb) => eb.fn.max<number | null>('no').as('no')));
const insert = sql((db, p: Tables['seeded_starts']) => db.insertInto('seeded_starts').values(pick(p, 'no')));

/**
 * Lets the sequence of ids begin for the state as it is. A server that starts again on the same state draws others than
 * the one before: its count of earlier starts is stored, and is part of what ids are made from.
 */
export async function beginSeeded(storage: Pick<SqlEngine, 'write'>, ids: SeededIds): Promise<void> {
  const start = await storage.write(async (tx) => {
    const no = ((await tx.get(newest, {}))?.no ?? -1) + 1;
    await tx.run(insert, { no });
    return no;
  });
  ids.goOnAt({ start, drawn: {} });
}
