import { type Static, Type } from 'typebox';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';

const ServerStatus = Type.Object({
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
  unreadBytes: Type.Integer({
    description: 'What waits in memory for clients that do not read; the limit http.unread-bytes bounds it',
  }),
});
export type ServerStatus = Static<typeof ServerStatus>;

export const getStatus = operation({
  ...admin,
  polled: true,
  id: 'Admin_Status',
  method: 'GET',
  path: '/admin/status',
  summary: 'What runs here',
  responses: {
    200: ServerStatus,
  },
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
export type LimitRow = Static<typeof LimitRow>;

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
  polled: true,
  id: 'Health',
  method: 'GET',
  path: '/health',
  summary: 'Whether the process is alive',
  responses: { 200: Type.Object({ status: Type.Literal('alive') }) },
});

export const getReady = operation({
  ...open,
  polled: true,
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
