import { type Static, Type } from 'typebox';
import { absent, AccessToken } from './common.ts';
import { operation } from './operation.ts';

/** Our own control surface, for portal, command line and tests. Takes the admin key as bearer token. */
const admin = { auth: 'admin', apiVersion: false } as const;

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
});
export type ResourceWithKeys = Static<typeof ResourceWithKeys>;

const ResourceParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 63 }) });

export const getStatus = operation({
  ...admin,
  id: 'Admin_Status',
  method: 'GET',
  path: '/admin/status',
  summary: 'What runs here',
  responses: {
    200: Type.Object({
      version: Type.String(),
      pid: Type.Integer(),
      endpoint: Type.String(),
      httpEndpoint: Type.Optional(Type.String()),
      caFile: Type.String(),
      clock: Type.String(),
      limits: Type.String(),
      database: Type.String(),
      uptimeSeconds: Type.Number(),
      resources: Type.Integer(),
      liveConnections: Type.Integer(),
    }),
  },
});

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
    /** A preset of its own, or the values that differ from the handbook's. */
    limits: absent(
      Type.Union([
        Type.Literal('handbook'),
        Type.Literal('azure'),
        Type.Unsafe<Record<string, number | null>>({ type: 'object', additionalProperties: { type: ['number', 'null'] } }),
      ]),
    ),
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

const Clock = Type.Object({ kind: Type.String(), now: Type.String() });

export const getClock = operation({
  ...admin,
  id: 'Admin_GetClock',
  method: 'GET',
  path: '/admin/clock',
  summary: 'Gets the time as the server sees it',
  responses: { 200: Clock },
});

export const advanceClock = operation({
  ...admin,
  id: 'Admin_AdvanceClock',
  method: 'POST',
  path: '/admin/clock:advance',
  summary: 'Moves a virtual clock forward; answers when all work due by then has run',
  body: Type.Object({ by: absent(Type.String({ maxLength: 64 })), to: absent(Type.String({ maxLength: 64 })) }),
  responses: { 200: Clock },
});

export const setClock = operation({
  ...admin,
  id: 'Admin_SetClock',
  method: 'POST',
  path: '/admin/clock:set',
  summary: 'Sets a virtual clock, backwards too',
  body: Type.Object({ to: Type.String({ maxLength: 64 }) }),
  responses: { 200: Clock },
});

const RequestRecord = Type.Object({
  id: Type.String(),
  time: Type.String(),
  method: Type.String(),
  path: Type.String(),
  status: Type.Integer(),
  durationMs: Type.Number(),
  resource: Type.Optional(Type.String()),
  caller: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
  rule: Type.Optional(Type.String()),
  target: Type.Optional(Type.String()),
  cause: Type.Optional(Type.String()),
  cure: Type.Optional(Type.String()),
});

export const listRequests = operation({
  ...admin,
  id: 'Admin_ListRequests',
  method: 'GET',
  path: '/admin/requests',
  summary: 'Lists the last requests, newest first',
  query: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })), refused: Type.Optional(Type.Boolean()) }),
  responses: { 200: Type.Object({ value: Type.Array(RequestRecord) }) },
});

export const getRequest = operation({
  ...admin,
  id: 'Admin_GetRequest',
  method: 'GET',
  path: '/admin/requests/{requestId}',
  summary: 'Tells what came in, what was answered, and why',
  params: Type.Object({ requestId: Type.String({ minLength: 1, maxLength: 128 }) }),
  responses: { 200: RequestRecord },
});

const LimitRow = Type.Object({
  name: Type.String(),
  unit: Type.String(),
  description: Type.String(),
  value: nullableNumber(),
  handbook: nullableNumber(),
  azure: nullableNumber(),
  source: Type.String(),
});

function nullableNumber() {
  return Type.Union([Type.Number(), Type.Null()]);
}

export const getLimits = operation({
  ...admin,
  id: 'Admin_GetLimits',
  method: 'GET',
  path: '/admin/limits',
  summary: 'Lists what is enforced, beside both published presets',
  responses: { 200: Type.Object({ preset: Type.String(), value: Type.Array(LimitRow) }) },
});

const open = { auth: 'none', apiVersion: false } as const;

export const getHealth = operation({
  ...open,
  id: 'Health',
  method: 'GET',
  path: '/health',
  summary: 'Whether the process is alive',
  responses: { 200: Type.Object({ status: Type.Literal('alive') }) },
});

export const getReady = operation({
  ...open,
  id: 'Ready',
  method: 'GET',
  path: '/ready',
  summary: 'Whether the server serves; 503 while it starts, stops, or cannot store',
  responses: { 200: Type.Object({ status: Type.Literal('ready') }) },
});

export const getKeySet = operation({
  ...open,
  id: 'KeySet',
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'Public keys of access tokens, RFC 7517',
  responses: {
    200: Type.Object({
      keys: Type.Array(
        Type.Object({ kty: Type.String(), use: Type.String(), alg: Type.String(), kid: Type.String(), n: Type.String(), e: Type.String() }),
      ),
    }),
  },
});
