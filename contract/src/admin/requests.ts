import { type Static, Type } from 'typebox';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';

/** The limit that refused a request. */
const ExceededLimit = Type.Object({ name: Type.String(), value: Type.Number(), preset: Type.String() });

const recordProperties = {
  id: Type.String(),
  /** When it was answered, ISO 8601. */
  time: Type.String(),
  method: Type.String(),
  path: Type.String(),
  status: Type.Integer(),
  durationMs: Type.Number(),
  operation: Type.Optional(Type.String()),
  resource: Type.Optional(Type.String()),
  /** Raw id of a user; otherwise the kind of the credential. */
  caller: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
  rule: Type.Optional(Type.String()),
  limit: Type.Optional(ExceededLimit),
  target: Type.Optional(Type.String()),
  cause: Type.Optional(Type.String()),
  cure: Type.Optional(Type.String()),
  /** Name of the fault rule that had a hand in the answer. */
  fault: Type.Optional(Type.String()),
};

const RequestRecord = Type.Object(recordProperties);
export type RequestRecord = Static<typeof RequestRecord>;

const RequestMessage = Type.Object({
  headers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  /** `text` is the whole of `bytes`, or the beginning where it is not `complete`; credentials in it are masked. */
  body: Type.Optional(Type.Object({ text: Type.String(), bytes: Type.Integer(), complete: Type.Boolean() })),
});
export type RequestMessage = Static<typeof RequestMessage>;

const RequestDetail = Type.Object({
  ...recordProperties,
  /** `dropped`: headers and bodies gave way to those of newer requests. `off`: none are kept. */
  inspection: Type.Union([Type.Literal('on'), Type.Literal('off'), Type.Literal('dropped')]),
  request: Type.Optional(RequestMessage),
  response: Type.Optional(RequestMessage),
});
export type RequestDetail = Static<typeof RequestDetail>;

/** Part of a text, or the whole of a name, that a request is looked for by. */
const Sought = Type.Optional(Type.String({ minLength: 1, maxLength: 512 }));

export const listRequests = operation({
  ...admin,
  polled: true,
  id: 'Admin_ListRequests',
  method: 'GET',
  path: '/admin/requests',
  summary: 'Lists the last requests, newest first; with `wait` as soon as there is one',
  query: Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    refused: Type.Optional(Type.Boolean()),
    /** `false` leaves out the admin API and the portal. */
    admin: Type.Optional(Type.Boolean()),
    method: Sought,
    operation: Sought,
    /** A status, or a class of them: `404`, `4xx`. */
    status: Type.Optional(Type.String({ pattern: '^[1-5](?:[0-9][0-9]|xx)$' })),
    path: Sought,
    caller: Sought,
    resource: Sought,
    rule: Sought,
    /** Id of a request: only later ones. */
    after: Sought,
    /** Longest wait for the first one, e.g. `20s`. */
    wait: Type.Optional(Type.String({ maxLength: 16 })),
  }),
  responses: {
    200: Type.Object({
      value: Type.Array(RequestRecord),
      /** With `after`: matching requests that are neither listed nor as old as that one. */
      leftOut: Type.Integer(),
    }),
  },
});

export const getRequest = operation({
  ...admin,
  id: 'Admin_GetRequest',
  method: 'GET',
  path: '/admin/requests/{requestId}',
  summary: 'Tells what came in, what was answered, and why',
  params: Type.Object({ requestId: Type.String({ minLength: 1, maxLength: 128 }) }),
  responses: { 200: RequestDetail },
});
