import { type Migration, type Reader, pick, statement, type Transaction } from '../storage/index.ts';

export interface IdentityRow {
  readonly id: string;
  readonly resource_id: string;
  readonly custom_id: string | null;
  readonly created_at: number;
  readonly last_token_at: number | null;
  /** Revocations so far. */
  readonly generation: number;
}

export interface Revocation {
  /** Tokens of an earlier generation are meant. */
  readonly generation: number;
  readonly effective_at: number;
}

interface Tables {
  identities: IdentityRow;
  identity_revocations: Revocation & { readonly identity_id: string };
}

export const identityMigrations: readonly Migration[] = [
  {
    name: 'identity/0001-identities',
    up: async (db, types) => {
      await db.schema
        .createTable('identities')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('custom_id', 'text')
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addColumn('last_token_at', types.integer)
        .addColumn('generation', types.integer, (c) => c.notNull())
        .execute();
      await db.schema.createIndex('identities_by_custom_id').on('identities').columns(['resource_id', 'custom_id']).unique().execute();
      await db.schema
        .createTable('identity_revocations')
        .addColumn('identity_id', 'text', (c) => c.notNull())
        .addColumn('generation', types.integer, (c) => c.notNull())
        .addColumn('effective_at', types.integer, (c) => c.notNull())
        .addPrimaryKeyConstraint('identity_revocations_key', ['identity_id', 'generation'])
        .execute();
    },
  },
];

const sql = statement<Tables>();
const insertIdentity = sql((db, p: IdentityRow & Record<string, string | number | null>) =>
  db
    .insertInto('identities')
    .values(pick(p, 'id', 'resource_id', 'custom_id', 'created_at', 'last_token_at', 'generation'))
    .onConflict((c) => c.columns(['resource_id', 'custom_id']).doNothing()),
);
const byId = sql((db, p: { id: string }) => db.selectFrom('identities').selectAll().where('id', '=', p.id));
const byCustomId = sql((db, p: { resource_id: string; custom_id: string }) =>
  db.selectFrom('identities').selectAll().where('resource_id', '=', p.resource_id).where('custom_id', '=', p.custom_id),
);
const revocations = sql((db, p: { identity_id: string }) =>
  db
    .selectFrom('identity_revocations')
    .select(['generation', 'effective_at'])
    .where('identity_id', '=', p.identity_id)
    .orderBy('generation'),
);
const setLastToken = sql((db, p: { id: string; last_token_at: number }) =>
  db.updateTable('identities').set({ last_token_at: p.last_token_at }).where('id', '=', p.id),
);
const raiseGeneration = sql((db, p: { id: string; one: number }) =>
  db
    .updateTable('identities')
    .set((eb) => ({ generation: eb('generation', '+', p.one) }))
    .where('id', '=', p.id)
    .returning('generation'),
);
const insertRevocation = sql((db, p: { identity_id: string; generation: number; effective_at: number }) =>
  db.insertInto('identity_revocations').values(pick(p, 'identity_id', 'generation', 'effective_at')),
);
const dropOldRevocations = sql((db, p: { identity_id: string; generation: number }) =>
  db.deleteFrom('identity_revocations').where('identity_id', '=', p.identity_id).where('generation', '<', p.generation),
);
const remove = sql((db, p: { id: string }) => db.deleteFrom('identities').where('id', '=', p.id));
const removeRevocations = sql((db, p: { identity_id: string }) =>
  db.deleteFrom('identity_revocations').where('identity_id', '=', p.identity_id),
);
const purgeRevocations = sql((db, p: { resource_id: string }) =>
  db
    .deleteFrom('identity_revocations')
    .where('identity_id', 'in', (eb) => eb.selectFrom('identities').select('id').where('resource_id', '=', p.resource_id)),
);
const purgeIdentities = sql((db, p: { resource_id: string }) => db.deleteFrom('identities').where('resource_id', '=', p.resource_id));

export const identityStore = {
  /** False when the custom id is taken. */
  async insert(tx: Transaction, row: IdentityRow): Promise<boolean> {
    return (await tx.run(insertIdentity, { ...row })) > 0;
  },

  find: (read: Reader, id: string) => read.get(byId, { id }),

  findByCustomId: (read: Reader, resourceId: string, customId: string) =>
    read.get(byCustomId, { resource_id: resourceId, custom_id: customId }),

  revocations: (read: Reader, id: string) => read.all(revocations, { identity_id: id }),

  async tokenIssued(tx: Transaction, id: string, atMs: number): Promise<void> {
    await tx.run(setLastToken, { id, last_token_at: atMs });
  },

  /**
   * Revokes every token issued so far, from `effectiveAtMs` on. Revocations that took effect before `nowMs` are covered
   * by the newest of them, so the others are dropped.
   */
  async revoke(tx: Transaction, id: string, times: { readonly nowMs: number; readonly effectiveAtMs: number }): Promise<void> {
    const raised = await tx.get(raiseGeneration, { id, one: 1 });
    if (raised === undefined) return;
    await tx.run(insertRevocation, { identity_id: id, generation: raised.generation, effective_at: times.effectiveAtMs });
    const inEffect = (await tx.all(revocations, { identity_id: id })).filter((revocation) => revocation.effective_at <= times.nowMs);
    const newest = inEffect.at(-1);
    if (newest !== undefined) await tx.run(dropOldRevocations, { identity_id: id, generation: newest.generation });
  },

  async remove(tx: Transaction, id: string): Promise<boolean> {
    await tx.run(removeRevocations, { identity_id: id });
    return (await tx.run(remove, { id })) > 0;
  },

  async purge(tx: Transaction, resourceId: string): Promise<void> {
    await tx.run(purgeRevocations, { resource_id: resourceId });
    await tx.run(purgeIdentities, { resource_id: resourceId });
  },
};
