import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { messageOf } from '../../lib/errors.ts';
import type { Timers } from '../../lib/timers.ts';
import { identityErrors } from '../errors.ts';

export interface DirectoryIssuer {
  /** `iss` of its tokens; its key set is found through OpenID discovery. */
  readonly issuer: string;
  /** `aud` values to accept. */
  readonly audiences: readonly string[];
}

/**
 * Validates tokens of a directory (Entra ID or any OpenID provider). Their freshness is judged by real time: the outside
 * issuer knows nothing of a virtual clock.
 */
export class DirectoryTokens {
  readonly #issuer: DirectoryIssuer | undefined;
  readonly #timers: Timers;
  /** The issuer's key set, being found or found; a failure stays for a moment, so that callers cannot make us ask again and again. */
  #keys: Promise<KeySet> | undefined;

  constructor(issuer: DirectoryIssuer | undefined, timers: Timers) {
    this.#issuer = issuer;
    this.#timers = timers;
  }

  /**
   * @param what names the token in a refusal, e.g. `A Teams user token`
   * @throws ApiError 401 when no issuer is configured, or the token is not a valid one of that issuer
   */
  async verify(token: string, what: string): Promise<JWTPayload> {
    const issuer = this.#issuer;
    if (issuer === undefined) throw identityErrors.noIssuer(what);
    if (token === '') throw identityErrors.foreignToken('it is empty');
    try {
      this.#keys ??= this.#findKeys(issuer);
      const { payload } = await jwtVerify(token, await this.#keys, {
        issuer: issuer.issuer,
        audience: [...issuer.audiences],
        algorithms: ['RS256', 'PS256', 'ES256'],
        requiredClaims: ['exp'],
      });
      return payload;
    } catch (error) {
      throw identityErrors.foreignToken(reasonOf(error));
    }
  }

  async #findKeys({ issuer }: DirectoryIssuer): Promise<KeySet> {
    try {
      return createRemoteJWKSet(new URL(await discoverKeySet(issuer)), { timeoutDuration: FETCH_TIMEOUT_MS });
    } catch (error) {
      this.#timers.after(RETRY_MS, () => (this.#keys = undefined));
      throw error;
    }
  }
}

type KeySet = ReturnType<typeof createRemoteJWKSet>;

const RETRY_MS = 5_000;
const FETCH_TIMEOUT_MS = 5_000;

/** OpenID Connect Discovery 1.0 section 4. */
async function discoverKeySet(issuer: string): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    redirect: 'error',
  });
  const body = (await response.json()) as { readonly jwks_uri?: unknown };
  if (!response.ok || typeof body.jwks_uri !== 'string') throw new Error('the issuer publishes no key set');
  return body.jwks_uri;
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} is not acceptable`;
  if (error instanceof errors.JOSEError) return `it does not verify (${error.code})`;
  return `the issuer cannot be reached (${messageOf(error)})`;
}
