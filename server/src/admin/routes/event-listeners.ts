import {
  type EventSchema,
  answerListenerDelivery,
  closeEventListener,
  fetchListenerDeliveries,
  openEventListener,
} from '@switchboard/contract';
import { eventErrors, type Events, type EventSource, type EventSources } from '../../events/index.ts';
import { type HttpServer, reply, waitMsOf } from '../../http/index.ts';
import { sourceNamed } from './event-sources.ts';

export function registerEventListenerRoutes(
  http: HttpServer,
  { events, sources }: { readonly events: Events; readonly sources: EventSources },
): void {
  const { listeners } = events;
  http.route(openEventListener, async ({ params, body }) => {
    const source = sourceNamed(sources, body.source);
    const name = params.listenerName;
    await listeners.open({ source, name, filter: body.filter ?? {}, schema: body.eventDeliverySchema ?? schemaOf(source) });
    return reply(200, { name, source: source.name });
  });
  http.route(fetchListenerDeliveries, async (call) => {
    const waitMs = waitMsOf(call.query.wait);
    const fetched = await listeners.get(call.params.listenerName).fetch({ waitMs, whenOver: (end) => call.onAbandoned(end) });
    const value = fetched.map(({ id, notification: { headers, body } }) => ({
      id,
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      body,
    }));
    return reply(200, { value });
  });
  http.route(answerListenerDelivery, ({ params, body }) => {
    const answer = { status: body.status ?? undefined, detail: body.detail ?? '' };
    if (!listeners.get(params.listenerName).answer(params.deliveryId, answer)) throw eventErrors.unknownDelivery(params.deliveryId);
    return reply(204);
  });
  http.route(closeEventListener, async ({ params }) => {
    await listeners.end(params.listenerName);
    return reply(204);
  });
}

/** CloudEvents stay what they are; everything else comes in the schema that all clients read. */
function schemaOf({ inputSchema }: EventSource): EventSchema {
  return inputSchema === 'CloudEventSchemaV1_0' ? 'CloudEventSchemaV1_0' : 'EventGridSchema';
}
