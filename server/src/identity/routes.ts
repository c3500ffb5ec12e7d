import {
  createIdentity,
  deleteIdentity,
  deleteTeamsAssignment,
  exchangeEntraToken,
  exchangeTeamsPhoneToken,
  exchangeTeamsUserToken,
  getIdentity,
  getKeySet,
  getTeamsAssignment,
  issueAccessToken,
  issueTokenByHandbook,
  putTeamsAssignment,
  revokeAccessTokens,
} from '@switchboard/contract';
import { type Caller, type HttpServer, reply } from '../http/index.ts';
import type { ExchangedIdentity, ExchangeService } from './entra/exchange-service.ts';
import type { IdentityService, Requester } from './identity-service.ts';
import type { SigningKeys } from './tokens/signing-keys.ts';
import type { IssuedToken } from './tokens/token-service.ts';

export interface IdentityRoutes {
  readonly identities: IdentityService;
  readonly exchanges: ExchangeService;
  readonly keys: SigningKeys;
}

export function registerIdentityRoutes(http: HttpServer, { identities, exchanges, keys }: IdentityRoutes): void {
  http.route(createIdentity, async ({ body, caller }) => {
    const scopes = body.createTokenWithScopes ?? [];
    const wish = {
      customId: body.customId,
      ...(scopes.length === 0 ? {} : { token: { scopes, expiresInMinutes: body.expiresInMinutes } }),
    };
    const { id, token } = await identities.create(requesterOf(caller), wish);
    return reply(201, { identity: { id }, ...(token === undefined ? {} : { accessToken: wireToken(token) }) });
  });

  http.route(getIdentity, async ({ params, caller }) => {
    const row = await identities.get(caller.resource, params.id);
    const lastTokenIssuedAt = row.last_token_at === null ? {} : { lastTokenIssuedAt: new Date(row.last_token_at).toISOString() };
    return reply(200, { id: row.id, ...(row.custom_id === null ? {} : { customId: row.custom_id }), ...lastTokenIssuedAt });
  });

  http.route(deleteIdentity, async ({ params, caller }) => {
    await identities.delete(caller.resource, params.id);
    return reply(204);
  });

  for (const operation of [issueAccessToken, issueTokenByHandbook]) {
    http.route(operation, async ({ params, body, caller }) =>
      reply(200, wireToken(await identities.issueToken(requesterOf(caller), params.id, body))),
    );
  }

  http.route(revokeAccessTokens, async ({ params, caller }) => {
    await identities.revokeTokens(caller.resource, params.id);
    return reply(204);
  });

  http.route(exchangeTeamsUserToken, async ({ body, caller }) =>
    reply(200, wireToken(await exchanges.teamsUser(requesterOf(caller), body))),
  );
  http.route(exchangeEntraToken, async ({ caller }) =>
    reply(200, wireIdentity(await exchanges.entraUser(bearerRequester(caller), caller.token))),
  );
  http.route(exchangeTeamsPhoneToken, async ({ caller }) =>
    reply(200, wireIdentity(await exchanges.teamsPhone(bearerRequester(caller), caller.token))),
  );

  http.route(getTeamsAssignment, async ({ params, caller }) => reply(200, await exchanges.getAssignment(caller.resource, params)));
  http.route(putTeamsAssignment, async ({ params, body, caller }) => {
    const { principalType, clientIds } = body;
    const assignment = { ...params, principalType, ...(clientIds === null || clientIds === undefined ? {} : { clientIds }) };
    const created = await exchanges.putAssignment(caller.resource, assignment);
    return created ? reply(201, assignment) : reply(200, assignment);
  });
  http.route(deleteTeamsAssignment, async ({ params, caller }) => {
    await exchanges.deleteAssignment(caller.resource, params);
    return reply(204);
  });

  http.route(getKeySet, () => reply(200, { keys: keys.jwks() }));
}

function requesterOf(caller: Extract<Caller, { kind: 'accessKey' }>): Requester {
  return { resource: caller.resource, key: { slot: caller.slot, version: caller.keyVersion } };
}

/** A directory token stands for no access key; the tokens made from it live and die with the primary one. */
function bearerRequester(caller: Extract<Caller, { kind: 'bearer' }>): Requester {
  const version = caller.resource.accessKeys.find((key) => key.slot === 'primary')?.version ?? 1;
  return { resource: caller.resource, key: { slot: 'primary', version } };
}

export function wireToken({ token, expiresAtMs }: IssuedToken): { token: string; expiresOn: string } {
  return { token, expiresOn: new Date(expiresAtMs).toISOString() };
}

function wireIdentity({ id, token }: ExchangedIdentity) {
  return { identity: { id }, accessToken: wireToken(token) };
}
