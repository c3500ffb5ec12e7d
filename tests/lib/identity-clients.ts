import { CommunicationIdentityClient } from '@azure/communication-identity';
import { CommunicationIdentityClient as Older } from '@azure/communication-identity-1.2.0';

/** The operations that every published version has. */
export type IdentityClient = Pick<
  Older,
  'createUser' | 'createUserAndToken' | 'getToken' | 'revokeTokens' | 'deleteUser' | 'getTokenForTeamsUser'
>;

export interface IdentitySdk {
  readonly version: string;
  readonly connect: (connectionString: string) => IdentityClient;
}

/** Microsoft's published identity SDKs, unmodified, for `describe.each`. */
export const IDENTITY_SDKS: readonly IdentitySdk[] = [
  { version: '1.3.1', connect: (connectionString) => new CommunicationIdentityClient(connectionString) },
  { version: '1.2.0', connect: (connectionString) => new Older(connectionString) },
];

/** Connects the newest of them, where one will do. */
export const [{ connect: connectLatest }] = IDENTITY_SDKS as readonly [IdentitySdk, ...IdentitySdk[]];

/** What the SDKs throw for a refusal. */
export interface SdkRefusal {
  readonly statusCode: number;
  readonly code: string;
  readonly message: string;
}
