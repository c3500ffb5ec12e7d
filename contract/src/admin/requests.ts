import { Type } from 'typebox';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';

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
