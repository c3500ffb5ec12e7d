import type { AccessKey, ResourceRef } from '../http/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { RateLimiter, RateName } from '../limits/index.ts';
import type { Storage, Transaction } from '../storage/index.ts';
import { checkCustomId, type CheckedWish, checkWish, type TokenWish } from './checks.ts';
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

/** A user to be found or made. */
export interface UserWish {
  readonly id: string;
  /** Whether somebody chose the id, or it was drawn, see {@link IdentityService.newId}. */
  readonly isChosen: boolean;
  readonly customId: string | null;
  /** Whether a token follows. */
  readonly hasToken: boolean;
  readonly atMs: number;
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
    if (customId !== null) checkCustomId(customId, requester.resource.limits, 'customId');
    const checked = token === undefined ? undefined : checkWish(token, requester.resource.limits, { scopes: 'createTokenWithScopes' });
    const now = this.#options.clock.now();
    const id = this.newId(requester.resource);
    const wanted = { id, isChosen: false, customId, hasToken: checked !== undefined, atMs: now };
    const row = await this.#storage(requester.resource.id).write((tx) => this.provide(tx, requester.resource, wanted));
    if (row === undefined) throw new Error('an identity was neither inserted nor found');
    return { id: row.id, ...(checked === undefined ? {} : { token: this.issue(requester, row, checked) }) };
  }

  /** An id for a user to come. To be drawn once, however often the transaction is run that stores it. */
  newId(resource: ResourceRef): string {
    return `8:acs:${resource.id}_${this.#options.ids.uuid('user')}`;
  }

  /**
   * The user of a chosen id or of a custom id, stored in `tx` when there is none. The caller has checked the wish, and
   * issues the token, if there is to be one, after the transaction.
   *
   * @returns undefined when the ids belong to different users
   */
  async provide(tx: Transaction, resource: ResourceRef, wish: UserWish): Promise<IdentityRow | undefined> {
    const { id, isChosen, customId, hasToken, atMs } = wish;
    const key = { resourceId: resource.id, id };
    const fresh: IdentityRow = {
      id,
      resource_id: resource.id,
      custom_id: customId,
      created_at: atMs,
      last_token_at: hasToken ? atMs : null,
      // It may have been somebody's, whose tokens must stay dead.
      generation: isChosen ? await identityStore.firstGeneration(tx, key) : 0,
    };
    if (await identityStore.insert(tx, fresh)) return fresh;
    const existing = await (isChosen ? identityStore.find(tx, key) : identityStore.findByCustomId(tx, resource.id, customId ?? ''));
    if (existing === undefined || (customId !== null && existing.custom_id !== customId)) return undefined;
    if (hasToken) await identityStore.tokenIssued(tx, { resourceId: resource.id, id: existing.id }, atMs);
    return existing;
  }

  /** @throws ApiError 404 when the resource has no such identity */
  async get(resource: ResourceRef, id: string): Promise<IdentityRow> {
    return mustExist(await identityStore.find(this.#storage(resource.id).read, { resourceId: resource.id, id }), id);
  }

  /** @throws ApiError 404 for an unknown identity, 400 for scopes or a lifetime that cannot be */
  async issueToken(requester: Requester, id: string, wish: TokenWish): Promise<IssuedToken> {
    const checked = checkWish(wish, requester.resource.limits);
    const { resource } = requester;
    this.#count(resource, 'identity.token-rate');
    const row = await this.#storage(resource.id).write(async (tx) => {
      const key = { resourceId: resource.id, id };
      const found = mustExist(await identityStore.find(tx, key), id);
      await identityStore.tokenIssued(tx, key, this.#options.clock.now());
      return found;
    });
    return this.issue(requester, row, checked);
  }

  /** A token for a user, as checked by {@link checkWish}. */
  issue(requester: Requester, identity: IdentityRow, wish: CheckedWish): IssuedToken {
    const expiresAtMs = this.#options.clock.now() + wish.minutes * 60_000;
    return this.#options.tokens.issue({ resource: requester.resource, key: requester.key, identity, scopes: wish.scopes, expiresAtMs });
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

  #count(resource: ResourceRef, rate: RateName): void {
    this.#options.rates.take(resource.limits, rate, resource.id);
  }

  #storage(resourceId: string) {
    return this.#options.storage.forResource(resourceId);
  }
}

function mustExist(row: IdentityRow | undefined, id: string): IdentityRow {
  if (row === undefined) throw identityErrors.unknownIdentity(id);
  return row;
}
