import { TOKEN_SCOPES, type TokenScope } from '@switchboard/contract';
import type { AccessKey, ResourceRef } from '../http/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { RateLimiter, RateName } from '../limits/index.ts';
import type { Storage, Transaction } from '../storage/index.ts';
import { identityErrors } from './errors.ts';
import { identityStore, type IdentityRow } from './store.ts';
import type { IssuedToken, TokenService } from './tokens/token-service.ts';

export interface IdentityServiceOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tokens: TokenService;
  readonly rates: RateLimiter;
  /** How long a revoked token goes on working; the service promises at most five minutes. */
  readonly revocationDelayMs: number;
}

/** Who asks: the resource and the access key that signed. */
export interface Requester {
  readonly resource: ResourceRef;
  readonly key: Pick<AccessKey, 'slot' | 'version'>;
}

export interface TokenWish {
  readonly scopes: readonly string[];
  readonly expiresInMinutes?: number | null | undefined;
}

/** Called in the transaction that deletes an identity, so that its data links go with it. */
export type IdentityDeletion = (tx: Transaction, deleted: { readonly resourceId: string; readonly identity: string }) => Promise<void>;

/** Users and their access tokens. */
export class IdentityService {
  readonly #options: IdentityServiceOptions;
  readonly #deletions: IdentityDeletion[] = [];

  constructor(options: IdentityServiceOptions) {
    this.#options = options;
  }

  onDelete(deletion: IdentityDeletion): void {
    this.#deletions.push(deletion);
  }

  /** Creates a user; the same custom id always gives the same one. */
  async create(
    requester: Requester,
    wish: { readonly customId?: string | null | undefined; readonly token?: TokenWish },
  ): Promise<{ readonly id: string; readonly token?: IssuedToken }> {
    const { customId = null, token } = wish;
    this.#count(requester.resource, 'identity.create-rate');
    if (customId === '' || customId?.includes('\0') === true) throw identityErrors.badCustomId();
    if (customId !== null) requester.resource.limits.atMost('identity.custom-id-characters', customId.length, 'customId');
    const checked = token === undefined ? undefined : checkWish(requester, token, 'createTokenWithScopes');
    const now = this.#options.clock.now();
    const { id: resourceId } = requester.resource;
    // Drawn once, however often the transaction is run.
    const userId = this.#options.ids.uuid('user');
    const row = await this.#storage(resourceId).write(async (tx) => {
      const fresh: IdentityRow = {
        id: `8:acs:${resourceId}_${userId}`,
        resource_id: resourceId,
        custom_id: customId,
        created_at: now,
        last_token_at: checked === undefined ? null : now,
        generation: 0,
      };
      if (await identityStore.insert(tx, fresh)) return fresh;
      const existing = await identityStore.findByCustomId(tx, resourceId, customId ?? '');
      if (existing === undefined) throw new Error('an identity was neither inserted nor found');
      if (checked !== undefined) await identityStore.tokenIssued(tx, { resourceId, id: existing.id }, now);
      return existing;
    });
    return { id: row.id, ...(checked === undefined ? {} : { token: this.#issue(requester, row, checked) }) };
  }

  /** @throws ApiError 404 when the resource has no such identity */
  async get(resource: ResourceRef, id: string): Promise<IdentityRow> {
    return mustExist(await identityStore.find(this.#storage(resource.id).read, { resourceId: resource.id, id }), id);
  }

  /** @throws ApiError 404 for an unknown identity, 400 for scopes or a lifetime that cannot be */
  async issueToken(requester: Requester, id: string, wish: TokenWish): Promise<IssuedToken> {
    const checked = checkWish(requester, wish, 'scopes');
    const { resource } = requester;
    this.#count(resource, 'identity.token-rate');
    const row = await this.#storage(resource.id).write(async (tx) => {
      const key = { resourceId: resource.id, id };
      const found = mustExist(await identityStore.find(tx, key), id);
      await identityStore.tokenIssued(tx, key, this.#options.clock.now());
      return found;
    });
    return this.#issue(requester, row, checked);
  }

  /** Revokes every token issued so far; those issued later work. Takes effect after the configured delay. */
  async revokeTokens(resource: ResourceRef, id: string): Promise<void> {
    this.#count(resource, 'identity.revoke-rate');
    const nowMs = this.#options.clock.now();
    await this.#storage(resource.id).write(async (tx) => {
      const key = { resourceId: resource.id, id };
      mustExist(await identityStore.find(tx, key), id);
      await identityStore.revoke(tx, key, { nowMs, effectiveAtMs: nowMs + this.#options.revocationDelayMs });
    });
    this.#options.tokens.revoked({ resourceId: resource.id, id });
  }

  /** Deletes a user with its tokens and data links, at once. One that is already gone is no error. */
  async delete(resource: ResourceRef, id: string): Promise<void> {
    this.#count(resource, 'identity.delete-rate');
    await this.#storage(resource.id).write(async (tx) => {
      const existed = await identityStore.remove(tx, { resourceId: resource.id, id }, this.#options.clock.now());
      if (!existed) return;
      for (const deletion of this.#deletions) await deletion(tx, { resourceId: resource.id, identity: id });
    });
    this.#options.tokens.revoked({ resourceId: resource.id, id });
  }

  #issue(requester: Requester, identity: IdentityRow, wish: CheckedWish): IssuedToken {
    const expiresAtMs = this.#options.clock.now() + wish.minutes * 60_000;
    return this.#options.tokens.issue({ resource: requester.resource, key: requester.key, identity, scopes: wish.scopes, expiresAtMs });
  }

  #count(resource: ResourceRef, rate: RateName): void {
    this.#options.rates.take(resource.limits, rate, resource.id);
  }

  #storage(resourceId: string) {
    return this.#options.storage.forResource(resourceId);
  }
}

interface CheckedWish {
  readonly scopes: readonly TokenScope[];
  readonly minutes: number;
}

const DEFAULT_MINUTES = 1440;

function checkWish({ resource }: Requester, { scopes, expiresInMinutes }: TokenWish, target: string): CheckedWish {
  const { limits } = resource;
  const minutes = expiresInMinutes ?? Math.min(limits.value('identity.token-minutes-max'), DEFAULT_MINUTES);
  limits.atLeast('identity.token-minutes-min', minutes, 'expiresInMinutes');
  limits.atMost('identity.token-minutes-max', minutes, 'expiresInMinutes');
  return { scopes: checkScopes(scopes, target), minutes };
}

/** @throws ApiError 400 for an empty list or a scope that does not exist */
function checkScopes(scopes: readonly string[], target: string): readonly TokenScope[] {
  if (scopes.length === 0) throw identityErrors.noScopes();
  const known = scopes.map((scope, i) => {
    const found = TOKEN_SCOPES.find((name) => name === scope.toLowerCase());
    if (found === undefined) throw identityErrors.unknownScope(`${target}[${i}]`, scope);
    return found;
  });
  return [...new Set(known)];
}

function mustExist(row: IdentityRow | undefined, id: string): IdentityRow {
  if (row === undefined) throw identityErrors.unknownIdentity(id);
  return row;
}
