import { type Static, Type } from 'typebox';
import { absent } from '../common.ts';
import { EVENT_SCHEMAS, type EventSchema } from '../events/event.ts';
import { EventFilter } from '../events/subscription.ts';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';

/**
 * Listeners: whoever cannot be called (a laptop behind a router, a process without a port) fetches its deliveries and
 * says how each went. Everything else is as for any event subscription.
 */
const path = '/admin/events/listeners';
const Name = Type.String({ minLength: 3, maxLength: 64 });
const ListenerParams = Type.Object({ listenerName: Name });

export const openEventListener = operation({
  ...admin,
  id: 'Admin_OpenEventListener',
  method: 'PUT',
  path: `${path}/{listenerName}`,
  summary: 'Opens an event listener, or goes on with one that is open; it ends when nobody has asked it for two minutes',
  params: ListenerParams,
  body: Type.Object({
    /** Name of a resource or custom topic; `local` by default. */
    source: absent(Type.String({ minLength: 1, maxLength: 63 })),
    filter: absent(EventFilter),
    /** As the events of the source come by default. */
    eventDeliverySchema: absent(Type.Unsafe<EventSchema>({ type: 'string', enum: [...EVENT_SCHEMAS] })),
  }),
  responses: { 200: Type.Object({ name: Type.String(), source: Type.String() }) },
});

/** One attempt to deliver, as a webhook would get it. */
const ListenerDelivery = Type.Object({
  id: Type.String(),
  headers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  body: Type.String(),
});
export type ListenerDelivery = Static<typeof ListenerDelivery>;

export const fetchListenerDeliveries = operation({
  ...admin,
  polled: true,
  id: 'Admin_FetchListenerDeliveries',
  method: 'GET',
  path: `${path}/{listenerName}/deliveries`,
  summary: 'Fetches what a listener is to get, as soon as there is something; each is given out once',
  params: ListenerParams,
  query: Type.Object({
    /** Longest wait, e.g. `20s`. */
    wait: Type.Optional(Type.String({ maxLength: 16 })),
  }),
  responses: { 200: Type.Object({ value: Type.Array(ListenerDelivery) }) },
});

export const answerListenerDelivery = operation({
  ...admin,
  polled: true,
  id: 'Admin_AnswerListenerDelivery',
  method: 'POST',
  path: `${path}/{listenerName}/deliveries/{deliveryId}:answer`,
  summary: 'Says how a delivery went, as if a webhook had answered so',
  params: Type.Object({ listenerName: Name, deliveryId: Type.String({ minLength: 1, maxLength: 64 }) }),
  body: Type.Object({
    /** Of whom the listener asked; leave it out when there was no answer. */
    status: absent(Type.Integer({ minimum: 100, maximum: 599 })),
    /** Beginning of the answer, or what went wrong. */
    detail: absent(Type.String({ maxLength: 4096 })),
  }),
  responses: { 204: null },
});

export const closeEventListener = operation({
  ...admin,
  id: 'Admin_CloseEventListener',
  method: 'DELETE',
  path: `${path}/{listenerName}`,
  summary: 'Ends a listener; what waits for it is dropped',
  params: ListenerParams,
  responses: { 204: null },
});
