import { TOKEN_SCOPES, type TokenScope } from '@switchboard/contract';
import type { Limits } from '../limits/index.ts';
import { identityErrors } from './errors.ts';

export interface TokenWish {
  readonly scopes: readonly string[];
  readonly expiresInMinutes?: number | null | undefined;
}

/** A token that may be issued. */
export interface CheckedWish {
  readonly scopes: readonly TokenScope[];
  readonly minutes: number;
}

const DEFAULT_MINUTES = 1440;

/**
 * @param targets names of the fields, for errors
 * @throws ApiError 400 for scopes or a lifetime that cannot be
 */
export function checkWish(
  { scopes, expiresInMinutes }: TokenWish,
  limits: Limits,
  targets: { readonly scopes?: string; readonly expiresInMinutes?: string } = {},
): CheckedWish {
  const minutes = expiresInMinutes ?? Math.min(limits.value('identity.token-minutes-max'), DEFAULT_MINUTES);
  limits.atLeast('identity.token-minutes-min', minutes, targets.expiresInMinutes ?? 'expiresInMinutes');
  limits.atMost('identity.token-minutes-max', minutes, targets.expiresInMinutes ?? 'expiresInMinutes');
  return { scopes: checkScopes(scopes, targets.scopes ?? 'scopes'), minutes };
}

/** @throws ApiError 400 for one that is empty, too long, or cannot be stored */
export function checkCustomId(customId: string, limits: Limits, target: string): void {
  if (customId === '' || customId.includes('\0')) throw identityErrors.badCustomId(target);
  limits.atMost('identity.custom-id-characters', customId.length, target);
}

/** @throws ApiError 400 for an empty list or a scope that does not exist */
function checkScopes(scopes: readonly string[], target: string): readonly TokenScope[] {
  if (scopes.length === 0) throw identityErrors.noScopes(target);
  const known = scopes.map((scope, i) => {
    const found = TOKEN_SCOPES.find((name) => name === scope.toLowerCase());
    if (found === undefined) throw identityErrors.unknownScope(`${target}[${i}]`, scope);
    return found;
  });
  return [...new Set(known)];
}
