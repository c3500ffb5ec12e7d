import type { TokenScope } from '@switchboard/contract';
import type { JWTPayload } from 'jose';
import type { Clock } from '../../lib/clock.ts';
import type { RateLimiter } from '../../limits/index.ts';
import type { ResourceRef } from '../../http/index.ts';
import { type Migration, pick, statement, type Storage } from '../../storage/index.ts';
import { identityErrors } from '../errors.ts';
import type { IdentityService, Requester } from '../identity-service.ts';
import type { IdentityRow } from '../store.ts';
import { identityStore } from '../store.ts';
import type { IssuedToken, TokenService } from '../tokens/token-service.ts';
import type { DirectoryTokens } from './directory-tokens.ts';

interface Tables {
  teams_assignments: { resource_id: string; tenant_id: string; object_id: string; principal_type: string; client_ids: string };
}

export const exchangeMigrations: readonly Migration[] = [
  {
    name: 'identity/0003-teams-assignments',
    up: async (db) => {
      await db.schema
        .createTable('teams_assignments')
        .addColumn('resource_id', 'text', (c) => c.notNull())
        .addColumn('tenant_id', 'text', (c) => c.notNull())
        .addColumn('object_id', 'text', (c) => c.notNull())
        .addColumn('principal_type', 'text', (c) => c.notNull())
        .addColumn('client_ids', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('teams_assignments_key', ['resource_id', 'tenant_id', 'object_id'])
        .execute();
    },
  },
];

const sql = statement<Tables>();
type Key = { resource_id: string; tenant_id: string; object_id: string };
const find = sql((db, p: Key) =>
  db
    .selectFrom('teams_assignments')
    .selectAll()
    .where('resource_id', '=', p.resource_id)
    .where('tenant_id', '=', p.tenant_id)
    .where('object_id', '=', p.object_id),
);
const upsert = sql((db, p: Tables['teams_assignments']) =>
  db
    .insertInto('teams_assignments')
    .values(pick(p, 'resource_id', 'tenant_id', 'object_id', 'principal_type', 'client_ids'))
    .onConflict((c) =>
      c.columns(['resource_id', 'tenant_id', 'object_id']).doUpdateSet({ principal_type: p.principal_type, client_ids: p.client_ids }),
    ),
);
const remove = sql((db, p: Key) =>
  db
    .deleteFrom('teams_assignments')
    .where('resource_id', '=', p.resource_id)
    .where('tenant_id', '=', p.tenant_id)
    .where('object_id', '=', p.object_id),
);
const purge = sql((db, p: { resource_id: string }) => db.deleteFrom('teams_assignments').where('resource_id', '=', p.resource_id));

export interface TeamsAssignment {
  readonly objectId: string;
  readonly tenantId: string;
  readonly principalType: 'user' | 'resourceAccount';
  readonly clientIds?: string[];
}

export interface ExchangeServiceOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly directory: DirectoryTokens;
  readonly identities: IdentityService;
  readonly tokens: TokenService;
  readonly rates: RateLimiter;
}

export interface ExchangedIdentity {
  readonly id: string;
  readonly token: IssuedToken;
}

const SCOPE_OF_PERMISSION: Readonly<Record<string, TokenScope>> = {
  chat: 'chat',
  'chat.join': 'chat.join',
  'chat.join.limited': 'chat.join.limited',
  voip: 'voip',
  'voip.join': 'voip.join',
};

/** Exchanges directory tokens for user access tokens. */
export class ExchangeService {
  readonly #options: ExchangeServiceOptions;

  constructor(options: ExchangeServiceOptions) {
    this.#options = options;
  }

  /** A Teams user's token becomes an access token of `8:orgid:<object id>`, with the rights of a Teams client. */
  async teamsUser(
    requester: Requester,
    request: { readonly token: string; readonly appId: string; readonly userId: string },
  ): Promise<IssuedToken> {
    for (const field of ['appId', 'userId'] as const) if (request[field].trim() === '') throw identityErrors.emptyField(field);
    const claims = await this.#verify(requester, request.token, 'A Teams user token');
    if ((claims['appid'] ?? claims['azp']) !== request.appId) throw identityErrors.claimMismatch('appId', 'appid');
    const person = text(claims, 'oid');
    if (person !== request.userId) throw identityErrors.claimMismatch('userId', 'oid');
    return (await this.#issueFor(requester, `8:orgid:${person}`, { scopes: ['chat', 'voip'], claims })).token;
  }

  /** A person's directory token becomes an identity of its own, with the scopes that its permissions name. */
  async entraUser(requester: Requester, token: string): Promise<ExchangedIdentity> {
    const claims = await this.#verify(requester, token, 'An Entra user token');
    const scopes = permissionsOf(claims);
    if (scopes.length === 0) throw identityErrors.noPermission();
    const person = `${text(claims, 'tid')}/${text(claims, 'oid')}`;
    const { id } = await this.#options.identities.create(requester, { customId: `entra:${person}` });
    return this.#issueFor(requester, id, { scopes, claims });
  }

  /** A Teams-phone user's directory token; the resource must have assigned that person. */
  async teamsPhone(requester: Requester, token: string): Promise<ExchangedIdentity> {
    const claims = await this.#verify(requester, token, 'A Teams-phone token');
    const tenantId = text(claims, 'tid');
    const objectId = text(claims, 'oid');
    const assigned = await this.getAssignment(requester.resource, { tenantId, objectId });
    const client = claims['appid'] ?? claims['azp'];
    if (assigned.clientIds !== undefined && assigned.clientIds.length > 0 && !assigned.clientIds.includes(String(client)))
      throw identityErrors.claimMismatch('clientIds', 'appid');
    return this.#issueFor(requester, `8:acs:${requester.resource.id}_${tenantId}_${objectId}`, { scopes: ['voip'], claims });
  }

  /** @throws ApiError 404 */
  async getAssignment(resource: ResourceRef, key: { readonly tenantId: string; readonly objectId: string }): Promise<TeamsAssignment> {
    const row = await this.#options.storage.forResource(resource.id).read.get(find, keyOf(resource, key));
    if (row === undefined) throw identityErrors.noAssignment(key.objectId);
    const clientIds = JSON.parse(row.client_ids) as string[];
    const principalType = row.principal_type as TeamsAssignment['principalType'];
    return { objectId: row.object_id, tenantId: row.tenant_id, principalType, ...(clientIds.length === 0 ? {} : { clientIds }) };
  }

  /** @returns whether it was new */
  putAssignment(resource: ResourceRef, assignment: TeamsAssignment): Promise<boolean> {
    return this.#options.storage.forResource(resource.id).write(async (tx) => {
      const key = keyOf(resource, assignment);
      const existed = (await tx.get(find, key)) !== undefined;
      await tx.run(upsert, { ...key, principal_type: assignment.principalType, client_ids: JSON.stringify(assignment.clientIds ?? []) });
      return !existed;
    });
  }

  async deleteAssignment(resource: ResourceRef, key: { readonly tenantId: string; readonly objectId: string }): Promise<void> {
    await this.#options.storage.forResource(resource.id).write((tx) => tx.run(remove, keyOf(resource, key)));
  }

  /** Rows of a deleted resource. */
  async purge(tx: Parameters<Parameters<Storage['write']>[0]>[0], resourceId: string): Promise<void> {
    await tx.run(purge, { resource_id: resourceId });
  }

  #verify({ resource }: Requester, token: string, what: string): Promise<JWTPayload> {
    this.#options.rates.take(resource.limits, 'identity.exchange-rate', resource.id);
    return this.#options.directory.verify(token, what);
  }

  /** The access token ends with the directory token it was made from, or when tokens must end. */
  async #issueFor(
    requester: Requester,
    id: string,
    grant: { readonly scopes: readonly TokenScope[]; readonly claims: JWTPayload },
  ): Promise<ExchangedIdentity> {
    const identity = await this.#ensure(requester.resource, id);
    const longestMs = requester.resource.limits.value('identity.token-minutes-max') * 60_000;
    const token = this.#options.tokens.issue({
      resource: requester.resource,
      key: requester.key,
      identity,
      scopes: grant.scopes,
      expiresAtMs: Math.min((grant.claims.exp ?? 0) * 1000, this.#options.clock.now() + longestMs),
    });
    return { id, token };
  }

  #ensure(resource: ResourceRef, id: string): Promise<IdentityRow> {
    return this.#options.storage.forResource(resource.id).write(async (tx) => {
      const key = { resourceId: resource.id, id };
      const row: IdentityRow = {
        resource_id: resource.id,
        id,
        custom_id: null,
        created_at: this.#options.clock.now(),
        last_token_at: null,
        generation: await identityStore.firstGeneration(tx, key),
      };
      const isNew = await identityStore.insert(tx, row);
      await identityStore.tokenIssued(tx, key, row.created_at);
      return isNew ? row : ((await identityStore.find(tx, key)) ?? row);
    });
  }
}

function keyOf(resource: ResourceRef, key: { readonly tenantId: string; readonly objectId: string }): Key {
  return { resource_id: resource.id, tenant_id: key.tenantId, object_id: key.objectId };
}

/** Delegated permissions are in `scp`, application roles in `roles`. */
function permissionsOf(claims: JWTPayload): readonly TokenScope[] {
  const scp = typeof claims['scp'] === 'string' ? claims['scp'].split(' ') : [];
  const roles = Array.isArray(claims['roles']) ? claims['roles'].map(String) : [];
  const scopes = [...scp, ...roles].map((permission) => SCOPE_OF_PERMISSION[permission.toLowerCase()]);
  return [...new Set(scopes.filter((scope) => scope !== undefined))];
}

function text(claims: JWTPayload, name: string): string {
  const value = claims[name];
  if (typeof value !== 'string' || !/^[\w.-]{1,128}$/.test(value)) throw identityErrors.foreignToken(`it has no usable claim ${name}`);
  return value;
}
