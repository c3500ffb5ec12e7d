import { exchangeMigrations } from './entra/exchange-service.ts';
import { identityMigrations } from './store.ts';
import { signingKeyMigrations } from './tokens/signing-keys.ts';

export { checkCustomId, type CheckedWish, checkWish } from './checks.ts';
export { DirectoryTokens } from './entra/directory-tokens.ts';
export { ExchangeService } from './entra/exchange-service.ts';
export { IdentityService, type Requester } from './identity-service.ts';
export { installIdentityPurge } from './purge.ts';
export { registerIdentityRoutes, wireToken } from './routes.ts';
export { type IdentityRow, identityStore } from './store.ts';
export { SigningKeys } from './tokens/signing-keys.ts';
export { TokenService } from './tokens/token-service.ts';

export const allIdentityMigrations = [...identityMigrations, ...signingKeyMigrations, ...exchangeMigrations];
