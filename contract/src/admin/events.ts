import { type Static, Type } from 'typebox';
import { absent } from '../common.ts';
import { EVENT_SCHEMAS, type EventSchema, EventGridEvent } from '../events/event.ts';
import { EventDestination, EventFilter, EventSubscriptionDefinition, RetryPolicy } from '../events/subscription.ts';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';

const path = '/admin/events/subscriptions';
const Name = Type.String({ minLength: 3, maxLength: 64 });

/** A subscription as administrators see it: secrets left out. */
const AdminEventSubscription = Type.Object({
  name: Type.String(),
  /** Name of the resource, or of the custom topic, whose events are meant. */
  source: Type.String(),
  topic: Type.String(),
  provisioningState: Type.String(),
  schema: Type.String(),
  destination: EventDestination,
  filter: EventFilter,
  labels: Type.Array(Type.String()),
  retryPolicy: RetryPolicy,
  expirationTimeUtc: Type.Optional(Type.String()),
  createdAt: Type.String(),
  /** Events that wait for delivery or for another attempt. */
  waiting: Type.Integer(),
  /** Why the handshake failed, or what it waits for. */
  reason: Type.Optional(Type.String()),
});
export type AdminEventSubscription = Static<typeof AdminEventSubscription>;

/** Name of a resource or custom topic; `local` by default. */
const Source = absent(Type.String({ minLength: 1, maxLength: 63 }));

/** What Event Grid takes, and short forms of what is said most often. */
const definition = {
  ...EventSubscriptionDefinition.properties,
  /** Short for a destination of the kind `WebHook`. */
  endpointUrl: absent(Type.String({ maxLength: 4096 })),
  /** Short for the filter of the same name. */
  includedEventTypes: EventFilter.properties.includedEventTypes,
  /** Short for `eventDeliverySchema`. */
  schema: absent(Type.Unsafe<EventSchema>({ type: 'string', enum: [...EVENT_SCHEMAS] })),
};

export const createEventSubscription = operation({
  ...admin,
  id: 'Admin_CreateEventSubscription',
  method: 'POST',
  path,
  summary: 'Subscribes an endpoint to the events of a resource, after the validation handshake',
  body: Type.Object({ ...definition, name: Name, source: Source }),
  responses: { 201: AdminEventSubscription },
});

export const listEventSubscriptions = operation({
  ...admin,
  polled: true,
  id: 'Admin_ListEventSubscriptions',
  method: 'GET',
  path,
  summary: 'Lists event subscriptions by name',
  query: Type.Object({ source: Type.Optional(Type.String({ maxLength: 63 })) }),
  responses: { 200: Type.Object({ value: Type.Array(AdminEventSubscription) }) },
});

export const updateEventSubscription = operation({
  ...admin,
  id: 'Admin_UpdateEventSubscription',
  method: 'PATCH',
  path: `${path}/{subscriptionName}`,
  summary: 'Changes what is given of an event subscription; a new destination is asked for its consent first',
  params: Type.Object({ subscriptionName: Name }),
  query: Type.Object({ source: Type.Optional(Type.String({ maxLength: 63 })) }),
  body: Type.Object(definition),
  responses: { 200: AdminEventSubscription },
});

export const deleteEventSubscription = operation({
  ...admin,
  id: 'Admin_DeleteEventSubscription',
  method: 'DELETE',
  path: `${path}/{subscriptionName}`,
  summary: 'Ends an event subscription; what waits for delivery is dropped',
  params: Type.Object({ subscriptionName: Name }),
  query: Type.Object({ source: Type.Optional(Type.String({ maxLength: 63 })) }),
  responses: { 204: null },
});

const DeliveryAttempt = Type.Object({
  /** By the clock of the server, ISO 8601. */
  at: Type.String(),
  durationMs: Type.Number(),
  /** `Delivered`, or why not, in the words of Event Grid: `TimedOut`, `NotFound`, … */
  outcome: Type.String(),
  status: Type.Optional(Type.Integer()),
  /** Beginning of the answer, or what went wrong. */
  detail: Type.Optional(Type.String()),
});

const EventDelivery = Type.Object({
  subscription: Type.String(),
  /** When the event was replayed, for a delivery of that replay. */
  replayedAt: Type.Optional(Type.String()),
  /** `waiting`, `delivered`, `deadLettered` or `dropped`. */
  state: Type.String(),
  /** Why it was given up, in the words of Event Grid: `MaxDeliveryAttemptsExceeded`, `TimeToLiveExceeded`, … */
  reason: Type.Optional(Type.String()),
  /** When it is tried next, or put with the dead letters. */
  nextAttemptAt: Type.Optional(Type.String()),
  /** Why its dead letter could not be put where the subscription wants it, so far or at all. */
  deadLetterProblem: Type.Optional(Type.String()),
  attempts: Type.Array(DeliveryAttempt),
  /** Attempts so far; the newest are listed. */
  attemptCount: Type.Integer(),
});

const LoggedEvent = Type.Object({
  /** Tells it from all others, since publishers may give several the same id: its address wherever an id is asked for. */
  key: Type.String(),
  event: EventGridEvent,
  source: Type.String(),
  /** Empty while no subscription wants the event; those of replays come after the first ones. */
  deliveries: Type.Array(EventDelivery),
});
export type LoggedEvent = Static<typeof LoggedEvent>;

export const triggerEvents = operation({
  ...admin,
  id: 'Admin_TriggerEvents',
  method: 'POST',
  path: '/admin/events/trigger',
  summary: 'Lets an event of the catalogue happen, with sample content that can be changed',
  body: Type.Object({
    /** Of `docs/reference/events.md`; case does not matter, the prefix `Microsoft.Communication.` may be left out. */
    type: Type.String({ minLength: 1, maxLength: 256 }),
    source: Source,
    /** Told by the data when it is left out. */
    subject: absent(Type.String({ maxLength: 1024 })),
    /** Merged over the sample (RFC 7396): objects member by member; null removes a member. */
    data: absent(Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true })),
    /** How many events (1). */
    count: absent(Type.Integer({ minimum: 1, maximum: 1000 })),
    /** When they are to have happened, ISO 8601; now by default. */
    time: absent(Type.String({ maxLength: 64 })),
  }),
  responses: { 201: Type.Object({ value: Type.Array(EventGridEvent) }) },
});

const ListedEventType = Type.Object({
  name: Type.String(),
  /** Of the catalogue, e.g. `Chat`. */
  group: Type.String(),
  description: Type.String(),
  /** Whether something in the server has this event; the others only come when they are triggered. */
  isEmitted: Type.Boolean(),
  /** What a triggered event may look like: its ids are new each time. */
  sample: Type.Object({ subject: Type.String(), data: Type.Unknown() }),
});
export type ListedEventType = Static<typeof ListedEventType>;

export const listEventTypes = operation({
  ...admin,
  id: 'Admin_ListEventTypes',
  method: 'GET',
  path: '/admin/events/types',
  summary: 'Lists the types of events that a resource can have, each with a sample',
  query: Type.Object({ source: Type.Optional(Type.String({ maxLength: 63 })) }),
  responses: { 200: Type.Object({ value: Type.Array(ListedEventType) }) },
});

export const listEvents = operation({
  ...admin,
  polled: true,
  id: 'Admin_ListEvents',
  method: 'GET',
  path: '/admin/events',
  summary: 'Lists the last events, newest first, with every attempt to deliver them; with `wait` as soon as there are enough',
  query: Type.Object({
    source: Type.Optional(Type.String({ maxLength: 63 })),
    /** Id or key of an event. */
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
    /** Whole type, case does not matter; the prefix `Microsoft.Communication.` may be left out. */
    type: Type.Optional(Type.String({ maxLength: 256 })),
    subscription: Type.Optional(Type.String({ maxLength: 64 })),
    /** `waiting`, `delivered`, `deadLettered` or `dropped`: events with such a delivery. */
    state: Type.Optional(Type.String({ maxLength: 16 })),
    /** Part of subject or data as JSON, or between slashes a pattern. */
    match: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
    /** Only events published at or after this time, ISO 8601. */
    since: Type.Optional(Type.String({ maxLength: 64 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    /** How many are waited for (1). */
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    /** Longest wait, e.g. `20s`. */
    wait: Type.Optional(Type.String({ maxLength: 16 })),
    /** `revision` of an answer: waits until anything in the log has changed since, whatever `count` says. */
    after: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
  responses: {
    200: Type.Object({
      value: Type.Array(LoggedEvent),
      /** Another one each time an event comes, is attempted, or goes. */
      revision: Type.Integer(),
    }),
  },
});

export const replayEvent = operation({
  ...admin,
  id: 'Admin_ReplayEvent',
  method: 'POST',
  path: '/admin/events/{eventId}:replay',
  summary: 'Delivers an event again, to all who want it or to one subscription; with another subject or data as a new event',
  params: Type.Object({ eventId: Type.String({ minLength: 1, maxLength: 512 }) }),
  body: Type.Object({
    /** Only this one, whatever its filter says. */
    subscription: absent(Name),
    subject: absent(Type.String({ maxLength: 4096 })),
    /** In the place of all of the data. */
    data: Type.Optional(Type.Unknown()),
  }),
  bodyOptional: true,
  responses: { 201: Type.Object({ event: EventGridEvent, queued: Type.Integer({ description: 'Subscriptions that get it' }) }) },
});
