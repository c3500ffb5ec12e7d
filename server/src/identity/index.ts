import { exchangeMigrations } from './entra/exchange-service.ts';
import { identityMigrations } from './store.ts';
import { signingKeyMigrations } from './tokens/signing-keys.ts';

export { DirectoryTokens } from './entra/directory-tokens.ts';
export { ExchangeService } from './entra/exchange-service.ts';
export { IdentityService } from './identity-service.ts';
export { installIdentityPurge } from './purge.ts';
export { registerIdentityRoutes, wireToken } from './routes.ts';
export { identityStore } from './store.ts';
export { SigningKeys } from './tokens/signing-keys.ts';
export { TokenService } from './tokens/token-service.ts';

export const allIdentityMigrations = [...identityMigrations, ...signingKeyMigrations, ...exchangeMigrations];
