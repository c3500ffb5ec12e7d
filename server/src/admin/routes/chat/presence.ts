import { getPresence, listPresence } from '@switchboard/contract';
import { wireConnection, wirePresence } from '../../../chat/index.ts';
import { type HttpServer, page, reply } from '../../../http/index.ts';
import { type ChatRouteParts, pageSize } from './parts.ts';

/** Who is connected, and who was seen last. */
export function registerPresenceRoutes(http: HttpServer, { chat, identities, resourceOf }: ChatRouteParts): void {
  http.route(listPresence, ({ query, origin, apiVersion }) => {
    const { syncState = '', ...kept } = query;
    const limit = pageSize(query.maxPageSize);
    const found = chat.presence.list({
      resourceId: resourceOf(query.resource).id,
      connected: query.connected,
      afterId: syncState,
      limit: limit + 1,
    });
    const listing = { found, limit, path: '/admin/chat/presence', keyOf: ({ userId }: { userId: string }) => userId, show: wirePresence };
    return reply(200, page({ origin, apiVersion, query: kept }, listing));
  });

  http.route(getPresence, async ({ params, query }) => {
    const resource = resourceOf(query.resource);
    const { id } = await identities.get(resource, params.userId);
    const presence = chat.presence.of({ resourceId: resource.id, id });
    return reply(200, { ...wirePresence(presence), value: presence.connections.map(wireConnection) });
  });
}
