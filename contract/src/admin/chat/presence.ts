import { type Static, Type } from 'typebox';
import { page } from '../../chat/requests.ts';
import { operation } from '../../operation.ts';
import { admin } from '../admin.ts';
import { Id, oneOf, PageQuery, ResourceQuery } from './fields.ts';

const PresenceItem = Type.Object({
  userId: Type.String(),
  /** Open live connections; 0 for a user who has gone. */
  connections: Type.Integer(),
  /** When the oldest of them was opened. */
  connectedSince: Type.Optional(Type.String()),
  /** The last sign of life: of a connection, or when the last one ended. */
  lastSeen: Type.Optional(Type.String()),
});
export type PresenceItem = Static<typeof PresenceItem>;

const LiveConnectionItem = Type.Object({
  since: Type.String(),
  transport: oneOf('websocket', 'longPolling'),
  /** Whether the client has registered for pushes. */
  registered: Type.Boolean(),
  /** When the client was last heard. */
  lastHeard: Type.String(),
});
export type LiveConnectionItem = Static<typeof LiveConnectionItem>;

export const listPresence = operation({
  ...admin,
  polled: true,
  id: 'Admin_ListPresence',
  method: 'GET',
  path: '/admin/chat/presence',
  summary: 'Lists the users of a resource who have live connections, and those seen last, by their ids',
  query: Type.Object({
    ...PageQuery,
    /** Only the connected ones, or only those who have gone. */
    connected: Type.Optional(Type.Boolean()),
  }),
  responses: { 200: page(PresenceItem) },
});

export const getPresence = operation({
  ...admin,
  polled: true,
  id: 'Admin_GetPresence',
  method: 'GET',
  path: '/admin/chat/presence/{userId}',
  summary: 'Tells the live connections of a user, and when the user was last seen',
  params: Type.Object({ userId: Id }),
  query: Type.Object(ResourceQuery),
  responses: { 200: Type.Object({ ...PresenceItem.properties, value: Type.Array(LiveConnectionItem) }) },
});
