import { Type } from 'typebox';
import { operation } from './operation.ts';

/** The live events of chat by the names that the chat SDK gives them. */
export const LIVE_EVENTS = [
  'chatMessageReceived',
  'chatMessageEdited',
  'chatMessageDeleted',
  'typingIndicatorReceived',
  'readReceiptReceived',
  'chatThreadCreated',
  'chatThreadPropertiesUpdated',
  'chatThreadDeleted',
  'participantsAdded',
  'participantsRemoved',
] as const;
export type LiveEvent = (typeof LIVE_EVENTS)[number];

/**
 * The live connection of the chat SDK ("trouter") over HTTP: allocation, socket.io 0.9 handshake, registration. These
 * routes take the user token in `X-Skypetoken` and no `api-version`.
 */
const live = { auth: 'userToken', apiVersion: false } as const;
const Session = {
  sr: Type.Optional(Type.String({ maxLength: 2048 })),
  sig: Type.Optional(Type.String({ maxLength: 256 })),
};
const AnyQuery = Type.Object({ epid: Type.Optional(Type.String({ maxLength: 256 })) });

export const allocateLive = operation({
  ...live,
  id: 'Live_Allocate',
  method: 'POST',
  path: '/v4/a',
  summary: 'Allocates a live connection',
  query: AnyQuery,
  responses: {
    200: Type.Object({
      socketio: Type.String(),
      url: Type.String(),
      surl: Type.String(),
      curlb: Type.String(),
      ccid: Type.String(),
      id: Type.String(),
      ttl: Type.String(),
      connectparams: Type.Object({ sr: Type.String(), se: Type.String(), sig: Type.String(), scae: Type.Optional(Type.String()) }),
    }),
  },
});

export const handshakeLive = operation({
  ...live,
  id: 'Live_Handshake',
  method: 'GET',
  path: '/socket.io/1/',
  summary: 'socket.io 0.9 handshake',
  query: Type.Object(Session),
  responses: { 200: Type.Unsafe<string>({}) },
});

const polling = {
  ...live,
  path: '/socket.io/1/xhr-polling/{sid}',
  params: Type.Object({ sid: Type.String({ pattern: '^[\\w-]{1,64}$' }) }),
} as const;

export const pollLive = operation({
  ...polling,
  id: 'Live_Poll',
  method: 'GET',
  summary: 'Waits for packets of a live connection; the first request of a session opens it',
  query: Type.Object({ ...Session, connected: Type.Optional(Type.String({ maxLength: 16 })) }),
  responses: { 200: Type.Unsafe<string>({}) },
});

export const sendLive = operation({
  ...polling,
  id: 'Live_Send',
  method: 'POST',
  summary: 'Brings packets of a client that polls',
  query: Type.Object(Session),
  textBody: true,
  responses: { 200: Type.Unsafe<string>({}) },
});

export const registerLive = operation({
  ...live,
  id: 'Live_Register',
  method: 'POST',
  path: '/v3/registrations',
  summary: 'Registers a live connection for pushes',
  body: Type.Object({
    registrationId: Type.String({ minLength: 1, maxLength: 256 }),
    transports: Type.Object({
      TROUTER: Type.Array(Type.Object({ path: Type.String({ maxLength: 512 }), ttl: Type.Optional(Type.Number()) }), {
        minItems: 1,
        maxItems: 8,
      }),
    }),
  }),
  responses: { 202: null },
});

export const unregisterLive = operation({
  ...live,
  id: 'Live_Unregister',
  method: 'DELETE',
  path: '/v3/registrations/{registrationId}',
  summary: 'Ends the registration of a live connection',
  params: Type.Object({ registrationId: Type.String({ minLength: 1, maxLength: 256 }) }),
  responses: { 204: null },
});
