import { CommunicationIdentityClient } from '@azure/communication-identity';
import type { TestServer } from './server.ts';

/** A user with one of its access tokens. */
export interface ChatUser {
  readonly id: string;
  readonly token: string;
}

export interface NewUserOptions {
  /** `chat` by default. */
  readonly scopes?: readonly string[];
  /** Name of the resource, `local` by default. */
  readonly resource?: string;
  readonly expiresInMinutes?: number;
}

/** Creates a user with a token through the admin API, which knows every resource and needs no signature. */
export async function newUser(server: TestServer, options: NewUserOptions = {}): Promise<ChatUser> {
  const { status, body } = await server.admin<{ identity: { id: string }; accessToken: { token: string } }>('POST', '/admin/identities', {
    scopes: ['chat'],
    ...options,
  });
  if (status !== 201) throw new Error(`no user was created: ${status} ${JSON.stringify(body)}`);
  return { id: body.identity.id, token: body.accessToken.token };
}

export async function newUsers(server: TestServer, count: number): Promise<ChatUser[]> {
  return Promise.all(Array.from({ length: count }, () => newUser(server)));
}

/** Another token of the same user. */
export async function freshToken(
  server: TestServer,
  user: ChatUser,
  options: { readonly expiresInMinutes?: number; readonly scopes?: readonly ('chat' | 'voip')[] } = {},
): Promise<ChatUser> {
  const { scopes = ['chat'], expiresInMinutes } = options;
  const { token } = await identities(server).getToken(
    { communicationUserId: user.id },
    [...scopes],
    expiresInMinutes === undefined ? {} : { tokenExpiresInMinutes: expiresInMinutes },
  );
  return { id: user.id, token };
}

export async function revokeTokens(server: TestServer, user: ChatUser): Promise<void> {
  await identities(server).revokeTokens({ communicationUserId: user.id });
}

function identities(server: TestServer): CommunicationIdentityClient {
  return new CommunicationIdentityClient(server.connectionString);
}
