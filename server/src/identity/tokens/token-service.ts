import { TOKEN_SCOPES, type TokenScope } from '@switchboard/contract';
import type { AccessKey, ResourceRef, TokenGrant, TokenVerifier, UserKey, VerifiedToken } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Random, uuid } from '../../lib/random.ts';
import type { ResourceService } from '../../resources/index.ts';
import type { Storage } from '../../storage/index.ts';
import { identityErrors } from '../errors.ts';
import { identityStore, type IdentityRow } from '../store.ts';
import { type Claims, signJwt, verifyJwt } from './jwt.ts';
import type { SigningKeys } from './signing-keys.ts';
import { TokenCache } from './token-cache.ts';

export interface TokenServiceOptions {
  readonly storage: Storage;
  readonly resources: ResourceService;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: SigningKeys;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

export interface TokenRequest {
  readonly resource: ResourceRef;
  readonly identity: IdentityRow;
  readonly scopes: readonly TokenScope[];
  readonly expiresAtMs: number;
  /** Version of the access key that asked: regenerating that key revokes the token. */
  readonly key: Pick<AccessKey, 'slot' | 'version'>;
}

/** Mask that the service's own tokens carry in `scp`. */
const SCP = 1792;

/** Issues and verifies user access tokens. */
export class TokenService implements TokenVerifier {
  readonly #options: TokenServiceOptions;
  readonly #cache = new TokenCache();
  readonly #listeners: ((user: UserKey | undefined) => void)[] = [];
  /** Grows with each revocation: a verification that began before one must not be cached after it. */
  #epoch = 0;

  constructor(options: TokenServiceOptions) {
    this.#options = options;
    options.resources.onChanged(() => this.#forgetAll());
    options.storage.state.onReplaced(() => this.#forgetAll());
  }

  issue(request: TokenRequest): IssuedToken {
    const nowSeconds = Math.floor(this.#options.clock.now() / 1000);
    const exp = Math.floor(request.expiresAtMs / 1000);
    const token = signJwt(
      {
        skypeid: request.identity.id.slice('8:'.length),
        scp: SCP,
        csi: String(nowSeconds),
        exp,
        rgn: 'local',
        acsScope: request.scopes.join(','),
        resourceId: request.resource.id,
        resourceLocation: 'local',
        iat: nowSeconds,
        // Ours: they tell which revocations and which key regeneration end this token, exactly and not by the second.
        gen: request.identity.generation,
        akv: `${request.key.slot}.${request.key.version}`,
        jti: uuid(this.#options.random),
      },
      this.#options.keys.current,
    );
    return { token, expiresAtMs: exp * 1000 };
  }

  verify(token: string): VerifiedToken | Promise<VerifiedToken> {
    const cached = this.#cache.find(token, this.#options.clock.now());
    return cached ?? this.#verifyCold(token);
  }

  /** Judges again when a revocation came in between, so that what it returns holds at that moment. */
  async verifyGrant(grant: TokenGrant): Promise<VerifiedToken> {
    for (;;) {
      const epoch = this.#epoch;
      const verified = await this.#judge(grant);
      if (epoch === this.#epoch) return verified;
    }
  }

  onRevoked(listener: (user: UserKey | undefined) => void): void {
    this.#listeners.push(listener);
  }

  /** To be called after tokens of an identity were revoked or the identity was deleted. */
  revoked(user: UserKey): void {
    this.#epoch += 1;
    this.#cache.forget(user);
    for (const listener of this.#listeners) listener(user);
  }

  #forgetAll(): void {
    this.#epoch += 1;
    this.#cache.clear();
    for (const listener of this.#listeners) listener(undefined);
  }

  async #verifyCold(token: string): Promise<VerifiedToken> {
    const epoch = this.#epoch;
    const verified = await this.#judge(grantOf(verifyJwt(token, this.#options.keys)));
    if (epoch === this.#epoch) this.#cache.add(token, verified);
    return verified;
  }

  /** @throws ApiError 401 naming what ended the token */
  async #judge(grant: TokenGrant): Promise<VerifiedToken> {
    const now = this.#options.clock.now();
    if (grant.expiresAtMs <= now) throw identityErrors.expired(grant.identity, new Date(grant.expiresAtMs).toISOString());
    const resource = this.#options.resources.byId(grant.resourceId);
    if (resource === undefined) throw identityErrors.unknownResource();
    const key = resource.accessKeys.find((candidate) => candidate.slot === grant.keySlot);
    if (key?.version !== grant.keyVersion) throw identityErrors.keyRotated(grant.identity, grant.keySlot);
    const { read } = this.#options.storage.forResource(resource.id);
    const user = { resourceId: resource.id, id: grant.identity };
    if ((await identityStore.find(read, user)) === undefined) throw identityErrors.deletedIdentity(grant.identity);
    const ended = (await identityStore.revocations(read, user)).filter((revocation) => revocation.generation > grant.generation);
    const validUntilMs = Math.min(grant.expiresAtMs, ...ended.map((revocation) => revocation.effective_at));
    if (validUntilMs <= now) throw identityErrors.revoked(grant.identity);
    return { resource, identity: grant.identity, scopes: new Set(grant.scopes), grant, validUntilMs };
  }
}

function grantOf(claims: Claims): TokenGrant {
  const { skypeid, resourceId, acsScope, exp, gen, akv } = claims;
  const key = typeof akv === 'string' ? /^(primary|secondary)\.(\d{1,9})$/.exec(akv) : null;
  if (
    typeof skypeid !== 'string' ||
    typeof resourceId !== 'string' ||
    typeof acsScope !== 'string' ||
    typeof exp !== 'number' ||
    typeof gen !== 'number' ||
    key === null
  ) {
    throw identityErrors.malformedToken('it lacks claims of an access token');
  }
  return {
    identity: `8:${skypeid}`,
    resourceId,
    scopes: acsScope.split(',').filter((scope) => (TOKEN_SCOPES as readonly string[]).includes(scope)),
    expiresAtMs: exp * 1000,
    generation: gen,
    keySlot: key[1] as AccessKey['slot'],
    keyVersion: Number(key[2]),
  };
}
