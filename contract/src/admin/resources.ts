import { type Static, Type } from 'typebox';
import { absent, AccessToken } from '../common.ts';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';
import { MessageRetention, MessageRetentionInput } from './message-retention.ts';

/** A preset, or the values that differ from the handbook's. */
const LimitsInput = Type.Union([
  Type.Literal('handbook'),
  Type.Literal('azure'),
  Type.Unsafe<Record<string, number | null>>({ type: 'object', additionalProperties: { type: ['number', 'null'] } }),
]);

export const ResourceWithKeys = Type.Object({
  name: Type.String(),
  immutableResourceId: Type.String(),
  dataLocation: Type.String(),
  tier: Type.String(),
  endpoint: Type.String(),
  primaryKey: Type.String(),
  secondaryKey: Type.String(),
  primaryConnectionString: Type.String(),
  secondaryConnectionString: Type.String(),
  /** Its own limits; absent when it goes by the server's. */
  limits: Type.Optional(LimitsInput),
  ...MessageRetention,
});

export type ResourceWithKeys = Static<typeof ResourceWithKeys>;

const ResourceParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 63 }) });

export const listResources = operation({
  ...admin,
  id: 'Admin_ListResources',
  method: 'GET',
  path: '/admin/resources',
  summary: 'Lists resources, without keys',
  responses: {
    200: Type.Object({
      value: Type.Array(
        Type.Omit(ResourceWithKeys, ['primaryKey', 'secondaryKey', 'primaryConnectionString', 'secondaryConnectionString']),
      ),
    }),
  },
});

export const createResource = operation({
  ...admin,
  id: 'Admin_CreateResource',
  method: 'POST',
  path: '/admin/resources',
  summary: 'Creates an isolated resource',
  body: Type.Object({
    name: Type.String(),
    dataLocation: absent(Type.String({ maxLength: 64 })),
    tier: absent(Type.String({ maxLength: 32 })),
    /** Its own, in place of the server's. */
    limits: absent(LimitsInput),
  }),
  responses: { 201: ResourceWithKeys },
});

export const getResource = operation({
  ...admin,
  id: 'Admin_GetResource',
  method: 'GET',
  path: '/admin/resources/{name}',
  summary: 'Gets a resource with its keys',
  params: ResourceParams,
  responses: { 200: ResourceWithKeys },
});

export const updateResource = operation({
  ...admin,
  id: 'Admin_UpdateResource',
  method: 'PATCH',
  path: '/admin/resources/{name}',
  summary: 'Changes the limits of a resource, or how long its chat messages are kept',
  params: ResourceParams,
  body: Type.Object({
    /** In place of the ones it has; null for the server's. */
    limits: absent(LimitsInput),
    messageRetentionDays: Type.Optional(MessageRetentionInput),
  }),
  responses: { 200: ResourceWithKeys },
});

export const deleteResource = operation({
  ...admin,
  id: 'Admin_DeleteResource',
  method: 'DELETE',
  path: '/admin/resources/{name}',
  summary: 'Deletes a resource; its identities, tokens and threads stop working at once',
  params: ResourceParams,
  responses: { 204: null },
});

export const regenerateKey = operation({
  ...admin,
  id: 'Admin_RegenerateKey',
  method: 'POST',
  path: '/admin/resources/{name}/:regenerateKey',
  summary: 'Replaces one access key; the tokens created with it stop working',
  params: ResourceParams,
  body: Type.Object({ keyType: Type.String({ maxLength: 32 }) }),
  responses: { 200: ResourceWithKeys },
});

export const createAdminIdentity = operation({
  ...admin,
  id: 'Admin_CreateIdentity',
  method: 'POST',
  path: '/admin/identities',
  summary: 'Creates a user, with an access token when scopes are given',
  body: Type.Object({
    resource: absent(Type.String({ maxLength: 63 })),
    scopes: absent(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 16 })),
    expiresInMinutes: absent(Type.Integer()),
  }),
  responses: { 201: Type.Object({ identity: Type.Object({ id: Type.String() }), accessToken: Type.Optional(AccessToken) }) },
});
