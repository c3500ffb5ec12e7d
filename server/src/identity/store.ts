import { type Migration, pick, type Reader, statement, type Transaction } from '../storage/index.ts';

export interface IdentityRow {
  readonly resource_id: string;
  readonly id: string;
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
  identity_revocations: Revocation & { readonly resource_id: string; readonly identity_id: string };
}

/** An identity by its resource: ids of directory users are the same in every resource. */
export interface IdentityKey {
  readonly resourceId: string;
  readonly id: string;
}

export const identityMigrations: readonly Migration[] = [
  {
    name: 'identity/0001-identities',
    up: async (db, types) => {
      await db.schema
        .createTable('identities')
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('id', 'text', (c) => c.notNull())
        .addColumn('custom_id', 'text')
        .addColumn('created_at', types.integer, (c) => c.notNull())
        .addColumn('last_token_at', types.integer)
        .addColumn('generation', types.integer, (c) => c.notNull())
        .addPrimaryKeyConstraint('identities_key', ['resource_id', 'id'])
        .execute();
      await db.schema.createIndex('identities_by_custom_id').on('identities').columns(['resource_id', 'custom_id']).unique().execute();
      await db.schema
        .createTable('identity_revocations')
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('identity_id', 'text', (c) => c.notNull())
        .addColumn('generation', types.integer, (c) => c.notNull())
        .addColumn('effective_at', types.integer, (c) => c.notNull())
        .addPrimaryKeyConstraint('identity_revocations_key', ['resource_id', 'identity_id', 'generation'])
        .execute();
    },
  },
];

// An alias, because parameters want an implicit index signature.
type KeyParams = Readonly<Record<'resource_id' | 'id', string>>;

const sql = statement<Tables>();
const insertIdentity = sql((db, p: IdentityRow & Record<string, string | number | null>) =>
  db
    .insertInto('identities')
    .values(pick(p, 'resource_id', 'id', 'custom_id', 'created_at', 'last_token_at', 'generation'))
    .onConflict((c) => c.doNothing()),
);
const byId = sql((db, p: KeyParams) =>
  db.selectFrom('identities').selectAll().where('resource_id', '=', p.resource_id).where('id', '=', p.id),
);
const byCustomId = sql((db, p: { resource_id: string; custom_id: string }) =>
  db.selectFrom('identities').selectAll().where('resource_id', '=', p.resource_id).where('custom_id', '=', p.custom_id),
);
const setLastToken = sql((db, p: KeyParams & { last_token_at: number }) =>
  db.updateTable('identities').set({ last_token_at: p.last_token_at }).where('resource_id', '=', p.resource_id).where('id', '=', p.id),
);
const raiseGeneration = sql((db, p: KeyParams & { one: number }) =>
  db
    .updateTable('identities')
    .set((eb) => ({ generation: eb('generation', '+', p.one) }))
    .where('resource_id', '=', p.resource_id)
    .where('id', '=', p.id)
    .returning('generation'),
);
const remove = sql((db, p: KeyParams) => db.deleteFrom('identities').where('resource_id', '=', p.resource_id).where('id', '=', p.id));
const revocations = sql((db, p: KeyParams) =>
  db
    .selectFrom('identity_revocations')
    .select(['generation', 'effective_at'])
    .where('resource_id', '=', p.resource_id)
    .where('identity_id', '=', p.id)
    .orderBy('generation'),
);
const insertRevocation = sql((db, p: { resource_id: string; identity_id: string; generation: number; effective_at: number }) =>
  db.insertInto('identity_revocations').values(pick(p, 'resource_id', 'identity_id', 'generation', 'effective_at')),
);
const dropOldRevocations = sql((db, p: KeyParams & { generation: number }) =>
  db
    .deleteFrom('identity_revocations')
    .where('resource_id', '=', p.resource_id)
    .where('identity_id', '=', p.id)
    .where('generation', '<', p.generation),
);
const first = sql((db, p: { limit: number }) => db.selectFrom('identities').select('id').limit(p.limit));
const someOfResource = sql((db, p: { resource_id: string; limit: number }) =>
  db.selectFrom('identities').select('id').where('resource_id', '=', p.resource_id).orderBy('id').limit(p.limit),
);
const purgeIdentities = sql((db, p: { resource_id: string; last: string }) =>
  db.deleteFrom('identities').where('resource_id', '=', p.resource_id).where('id', '<=', p.last),
);
const purgeRevocations = sql((db, p: { resource_id: string }) =>
  db.deleteFrom('identity_revocations').where('resource_id', '=', p.resource_id),
);

export const identityStore = {
  /** False when the id or the custom id is taken. */
  async insert(tx: Transaction, row: IdentityRow): Promise<boolean> {
    return (await tx.run(insertIdentity, { ...row })) > 0;
  },

  find: (read: Reader, key: IdentityKey) => read.get(byId, params(key)),

  findByCustomId: (read: Reader, resourceId: string, customId: string) =>
    read.get(byCustomId, { resource_id: resourceId, custom_id: customId }),

  /** In any resource. */
  async areThereAny(read: Reader): Promise<boolean> {
    return (await read.get(first, { limit: 1 })) !== undefined;
  },

  revocations: (read: Reader, key: IdentityKey) => read.all(revocations, params(key)),

  async tokenIssued(tx: Transaction, key: IdentityKey, atMs: number): Promise<void> {
    await tx.run(setLastToken, { ...params(key), last_token_at: atMs });
  },

  /**
   * Revokes every token issued so far, from `effectiveAtMs` on. Revocations that took effect before `nowMs` are covered
   * by the newest of them, so the others are dropped.
   */
  async revoke(tx: Transaction, key: IdentityKey, times: { readonly nowMs: number; readonly effectiveAtMs: number }): Promise<void> {
    const raised = await tx.get(raiseGeneration, { ...params(key), one: 1 });
    if (raised === undefined) return;
    const { generation } = raised;
    await tx.run(insertRevocation, { resource_id: key.resourceId, identity_id: key.id, generation, effective_at: times.effectiveAtMs });
    const inEffect = (await tx.all(revocations, params(key))).filter((revocation) => revocation.effective_at <= times.nowMs);
    const newest = inEffect.at(-1);
    if (newest !== undefined) await tx.run(dropOldRevocations, { ...params(key), generation: newest.generation });
  },

  /**
   * The generation at which an identity of this id begins. Ids of directory users come back after a deletion; the
   * revocation that the deletion left behind must go on covering their old tokens.
   */
  async firstGeneration(read: Reader, key: IdentityKey): Promise<number> {
    return (await read.all(revocations, params(key))).at(-1)?.generation ?? 0;
  },

  /** Deletes an identity; its last revocation stays, at once in effect. @returns whether there was one */
  async remove(tx: Transaction, key: IdentityKey, nowMs: number): Promise<boolean> {
    await identityStore.revoke(tx, key, { nowMs, effectiveAtMs: nowMs });
    return (await tx.run(remove, params(key))) > 0;
  },

  /** Removes some identities of a deleted resource, and at the end their revocations. @returns whether none is left */
  async purgeSome(tx: Transaction, resourceId: string, limit: number): Promise<boolean> {
    const some = await tx.all(someOfResource, { resource_id: resourceId, limit });
    const last = some.at(-1);
    if (last !== undefined) await tx.run(purgeIdentities, { resource_id: resourceId, last: last.id });
    if (some.length === limit) return false;
    await tx.run(purgeRevocations, { resource_id: resourceId });
    return true;
  },
};

function params(key: IdentityKey): KeyParams {
  return { resource_id: key.resourceId, id: key.id };
}
