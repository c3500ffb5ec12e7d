import {
  type BodyOf,
  createEventSubscription,
  deleteEventSubscription,
  type EventFilter,
  type EventSubscriptionDefinition,
  listEvents,
  listEventSubscriptions,
  listEventTypes,
  replayEvent,
  triggerEvents,
  updateEventSubscription,
} from '@switchboard/contract';
import {
  type EventSource,
  type EventSources,
  eventGridEnvelope,
  type Events,
  keyOf,
  type LoggedEvent,
  type LogQuery,
  type Subscription,
  shownDestination,
  wantedOf,
} from '../../events/index.ts';
import { type HttpServer, httpErrors, reply, TextMatch, waitMsOf } from '../../http/index.ts';
import { sourceNamed } from './event-sources.ts';

export interface EventRoutes {
  readonly events: Events;
  readonly sources: EventSources;
}

const LISTED = 100;
/** Some time before the years get five digits, which not every reader takes. */
const LATEST_MS = Date.UTC(9999, 0);

export function registerEventRoutes(http: HttpServer, { events, sources }: EventRoutes): void {
  const { subscriptions } = events;
  const sourceOf = (name: string | null | undefined): EventSource => sourceNamed(sources, name);
  const shownWith = (subscription: Subscription, waiting: number) =>
    shownSubscription(subscription, { source: sources.byId(subscription.sourceId), waiting });
  const shown = async (subscription: Subscription) => shownWith(subscription, await events.waiting(subscription.id));

  http.route(createEventSubscription, async ({ body }) => {
    const created = await subscriptions.create(sourceOf(body.source), body.name, definitionOf(body));
    return reply(201, await shown(created));
  });
  http.route(listEventSubscriptions, async ({ query }) => {
    const listed = subscriptions.list(query.source === undefined ? undefined : sourceOf(query.source).id);
    const waiting = await events.allWaiting();
    return reply(200, { value: listed.map((one) => shownWith(one, waiting.get(one.id) ?? 0)) });
  });
  http.route(updateEventSubscription, async ({ params, query, body }) => {
    const source = sourceOf(query.source);
    const { filter } = wantedOf(subscriptions.get(source.id, params.subscriptionName));
    return reply(200, await shown(await subscriptions.update(source, params.subscriptionName, definitionOf(body, filter))));
  });
  http.route(deleteEventSubscription, async ({ params, query }) => {
    await subscriptions.remove(sourceOf(query.source).id, params.subscriptionName);
    return reply(204);
  });
  http.route(triggerEvents, async ({ body }) => {
    const { type, source, subject, data, count, time } = body;
    const atMs = time === undefined || time === null ? undefined : Date.parse(time);
    if (atMs !== undefined && !(atMs >= 0 && atMs < LATEST_MS))
      throw httpErrors.invalid('time', 'must be an ISO 8601 time from 1970 to 9998');
    const wish = { type, subject: subject ?? undefined, data: data ?? undefined, count: count ?? 1, atMs };
    return reply(201, { value: (await events.trigger(sourceOf(source), wish)).map(eventGridEnvelope) });
  });
  http.route(listEventTypes, ({ query }) => reply(200, { value: events.types(sourceOf(query.source)) }));
  http.route(listEvents, async (call) => {
    const { query } = call;
    const { limit = LISTED, count = 1 } = query;
    const wanted = logQuery(query, query.source === undefined ? undefined : sourceOf(query.source).id);
    const waitMs = waitMsOf(query.wait);
    if (waitMs > 0) {
      if (events.recent.isFull) throw httpErrors.tooManyWaiting(64);
      const wait = { waitMs, whenOver: (end: () => void) => call.onAbandoned(end) };
      if (query.after === undefined) await events.recent.wait(wanted, { count, ...wait });
      else await events.recent.changed(query.after, wait);
    }
    const { revision } = events.recent;
    const found = events.recent.list(wanted, limit);
    return reply(200, { value: found.map((logged) => shownEvent(logged, sources.byId(logged.sourceId))), revision });
  });
  http.route(replayEvent, async ({ params, body }) => {
    const { subscription, subject, data } = body;
    const wish = { subscription: subscription ?? undefined, subject: subject ?? undefined, data };
    const { event, queued } = await events.replay(params.eventId, wish);
    return reply(201, { event: eventGridEnvelope(event), queued });
  });
}

/** @param current the filter that the short form changes */
function definitionOf(body: BodyOf<typeof updateEventSubscription>, current: EventFilter = {}): EventSubscriptionDefinition {
  const { endpointUrl, includedEventTypes, schema, ...definition } = body;
  return {
    ...definition,
    destination: definition.destination ?? (endpointUrl ? { endpointType: 'WebHook', properties: { endpointUrl } } : null),
    filter: includedEventTypes ? { ...(definition.filter ?? current), includedEventTypes } : (definition.filter ?? null),
    eventDeliverySchema: definition.eventDeliverySchema ?? schema ?? null,
  };
}

interface EventQuery {
  readonly id?: string;
  readonly type?: string;
  readonly subscription?: string;
  readonly state?: string;
  readonly match?: string;
  readonly since?: string;
}

function logQuery({ id, type, subscription, state, match, since }: EventQuery, sourceId: string | undefined): LogQuery {
  const text = match === undefined ? undefined : new TextMatch(match);
  const wantedType = type?.toLowerCase();
  const wantedName = subscription?.toLowerCase();
  const sinceMs = since === undefined ? -Infinity : Date.parse(since);
  if (Number.isNaN(sinceMs)) throw httpErrors.invalid('since', 'must be an ISO 8601 time');
  const isQueued = wantedName !== undefined || state !== undefined;
  return {
    sourceId,
    types: wantedType === undefined ? undefined : [wantedType, `microsoft.communication.${wantedType}`],
    isQueued,
    test: ({ event, deliveries }) =>
      (id === undefined || event.id === id || keyOf(event) === id) &&
      event.atMs >= sinceMs &&
      (!isQueued ||
        deliveries.some(
          (one) =>
            (wantedName === undefined || one.subscription.toLowerCase() === wantedName) && (state === undefined || one.state === state),
        )) &&
      (text === undefined || text.isIn(event.subject) || text.isIn(JSON.stringify(event.data))),
  };
}

function shownEvent({ event, deliveries }: LoggedEvent, source: EventSource | undefined) {
  return {
    key: keyOf(event),
    event: eventGridEnvelope(event),
    source: source?.name ?? '',
    deliveries: deliveries.map(
      ({ subscription, replayedAtMs, state, reason, nextAttemptAtMs, deadLetterProblem, attempts, attemptCount }) => ({
        subscription,
        ...(replayedAtMs === undefined ? {} : { replayedAt: new Date(replayedAtMs).toISOString() }),
        state,
        ...(reason === undefined ? {} : { reason }),
        ...(nextAttemptAtMs === undefined ? {} : { nextAttemptAt: new Date(nextAttemptAtMs).toISOString() }),
        ...(deadLetterProblem === undefined ? {} : { deadLetterProblem }),
        attempts: attempts.map(({ atMs, durationMs, ...attempt }) => ({
          at: new Date(atMs).toISOString(),
          durationMs: Math.round(10 * durationMs) / 10,
          ...attempt,
        })),
        attemptCount,
      }),
    ),
  };
}

function shownSubscription(
  subscription: Subscription,
  { source, waiting }: { readonly source: EventSource | undefined; readonly waiting: number },
) {
  const { state, reason, createdAtMs, name } = subscription;
  const { destination, schema, filter, labels, expiresAtMs, retry } = wantedOf(subscription);
  return {
    name,
    source: source?.name ?? '',
    topic: source?.topic ?? '',
    provisioningState: state,
    schema,
    destination: shownDestination(destination),
    filter,
    labels: [...labels],
    retryPolicy: { maxDeliveryAttempts: retry.maxAttempts, eventTimeToLiveInMinutes: retry.timeToLiveMs / 60_000 },
    ...(expiresAtMs === undefined ? {} : { expirationTimeUtc: new Date(expiresAtMs).toISOString() }),
    createdAt: new Date(createdAtMs).toISOString(),
    waiting,
    ...(reason === undefined ? {} : { reason }),
  };
}
