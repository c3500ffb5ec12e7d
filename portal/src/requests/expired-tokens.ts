import type { RequestRecord } from './requests-api.ts';

/** A token that goes on being used after its end. */
export interface ExpiredToken {
  readonly caller: string;
  /** In the server's words: when it expired. */
  readonly cause: string;
  readonly refusals: number;
}

/** A client that renews its token meets one or two refusals at the expiry, of requests that were on their way. */
const SUSPICIOUS = 3;

/**
 * Finds tokens that are used past their life, newest first. Tokens of a user differ in their expiry, which the cause names.
 *
 * @param refused requests refused by the rule `token.expired`, newest first
 */
export function expiredTokens(refused: readonly RequestRecord[]): readonly ExpiredToken[] {
  const byToken = new Map<string, ExpiredToken>();
  for (const { caller, cause } of refused) {
    if (caller === undefined || cause === undefined) continue;
    const key = `${caller} ${cause}`;
    byToken.set(key, { caller, cause, refusals: (byToken.get(key)?.refusals ?? 0) + 1 });
  }
  return [...byToken.values()].filter(({ refusals }) => refusals >= SUSPICIOUS);
}
