import { type Static, Type } from 'typebox';
import { absent, AccessToken, ApiVersionQuery } from './common.ts';
import { operation } from './operation.ts';

/** Rights of an access token. Only `chat` and `voip` are named by every version; the others are their lesser forms. */
export const TOKEN_SCOPES = ['chat', 'chat.join', 'chat.join.limited', 'voip', 'voip.join'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

const query = Type.Object(ApiVersionQuery);
const params = Type.Object({ id: Type.String({ minLength: 1 }) });
const Scopes = Type.Array(Type.String({ maxLength: 64 }), { maxItems: 16 });
const IdentityAndToken = Type.Object({ identity: Type.Object({ id: Type.String() }), accessToken: Type.Optional(AccessToken) });

export type IdentityAndToken = Static<typeof IdentityAndToken>;

export const createIdentity = operation({
  id: 'CommunicationIdentity_Create',
  method: 'POST',
  path: '/identities',
  auth: 'accessKey',
  apiVersion: true,
  summary: 'Creates a user, with an access token when scopes are given',
  query,
  body: Type.Object({ createTokenWithScopes: absent(Scopes), expiresInMinutes: absent(Type.Integer()), customId: absent(Type.String()) }),
  bodyOptional: true,
  responses: { 201: IdentityAndToken },
});

export const getIdentity = operation({
  id: 'CommunicationIdentity_Get',
  method: 'GET',
  path: '/identities/{id}',
  auth: 'accessKey',
  apiVersion: true,
  summary: 'Gets a user with its custom id and the time of its last token',
  params,
  query,
  responses: {
    200: Type.Object({ id: Type.String(), customId: Type.Optional(Type.String()), lastTokenIssuedAt: Type.Optional(Type.String()) }),
  },
});

export const deleteIdentity = operation({
  id: 'CommunicationIdentity_Delete',
  method: 'DELETE',
  path: '/identities/{id}',
  auth: 'accessKey',
  apiVersion: true,
  summary: 'Deletes a user, its tokens and its data links',
  params,
  query,
  responses: { 204: null },
});

const issueToken = {
  method: 'POST',
  auth: 'accessKey',
  apiVersion: true,
  summary: 'Issues an access token with the given scopes',
  params,
  query,
  body: Type.Object({ scopes: Scopes, expiresInMinutes: absent(Type.Integer()) }),
  responses: { 200: AccessToken },
} as const;

export const issueAccessToken = operation({
  ...issueToken,
  id: 'CommunicationIdentity_IssueAccessToken',
  path: '/identities/{id}/:issueAccessToken',
});

/** The route of the handbook, beside the one of the published definition. */
export const issueTokenByHandbook = operation({ ...issueToken, id: 'CommunicationIdentity_IssueToken', path: '/identities/{id}/token' });

export const revokeAccessTokens = operation({
  id: 'CommunicationIdentity_RevokeAccessTokens',
  method: 'POST',
  path: '/identities/{id}/:revokeAccessTokens',
  auth: 'accessKey',
  apiVersion: true,
  summary: 'Revokes every access token of a user issued so far',
  params,
  query,
  responses: { 204: null },
});

export const exchangeTeamsUserToken = operation({
  id: 'CommunicationIdentity_ExchangeTeamsUserAccessToken',
  method: 'POST',
  path: '/teamsUser/:exchangeAccessToken',
  auth: 'accessKey',
  apiVersion: true,
  summary: 'Exchanges a directory token of a Teams user for an access token',
  query,
  body: Type.Object({
    token: Type.String({ maxLength: 16_384 }),
    appId: Type.String({ maxLength: 256 }),
    userId: Type.String({ maxLength: 256 }),
  }),
  responses: { 200: AccessToken },
});

const exchangeByBearer = {
  method: 'POST',
  auth: 'entraUser',
  apiVersion: true,
  query,
  body: Type.Object({}),
  bodyOptional: true,
  responses: { 200: IdentityAndToken },
} as const;

export const exchangeEntraToken = operation({
  ...exchangeByBearer,
  id: 'CommunicationIdentity_ExchangeEntraUserAccessToken',
  path: '/access/entra/:exchangeAccessToken',
  summary: 'Exchanges a directory token of a person for an identity and access token',
});

export const exchangeTeamsPhoneToken = operation({
  ...exchangeByBearer,
  id: 'CommunicationIdentity_ExchangeTeamsExtensionAccessToken',
  path: '/access/teamsExtension/:exchangeAccessToken',
  summary: 'Exchanges a directory token of a Teams-phone user for an identity and access token',
});

const assignmentParams = Type.Object({
  tenantId: Type.String({ minLength: 1, maxLength: 128 }),
  objectId: Type.String({ minLength: 1, maxLength: 128 }),
});
const Assignment = Type.Object({
  objectId: Type.String(),
  tenantId: Type.String(),
  principalType: Type.Union([Type.Literal('user'), Type.Literal('resourceAccount')]),
  clientIds: Type.Optional(Type.Array(Type.String())),
});
const assignment = {
  path: '/access/teamsExtension/tenants/{tenantId}/assignments/{objectId}',
  auth: 'accessKey',
  apiVersion: true,
  params: assignmentParams,
  query,
} as const;

export const getTeamsAssignment = operation({
  ...assignment,
  id: 'TeamsExtensionAssignment_Get',
  method: 'GET',
  summary: 'Gets the Teams-phone assignment of a person',
  responses: { 200: Assignment },
});

export const putTeamsAssignment = operation({
  ...assignment,
  id: 'TeamsExtensionAssignment_Put',
  method: 'PUT',
  summary: 'Creates or replaces the Teams-phone assignment of a person',
  body: Type.Object({
    principalType: Type.Union([Type.Literal('user'), Type.Literal('resourceAccount')]),
    clientIds: absent(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 100 })),
  }),
  responses: { 200: Assignment, 201: Assignment },
});

export const deleteTeamsAssignment = operation({
  ...assignment,
  id: 'TeamsExtensionAssignment_Delete',
  method: 'DELETE',
  summary: 'Deletes the Teams-phone assignment of a person',
  responses: { 204: null },
});
