import {
  deleteAdminChatThread,
  getAdminChatThread,
  listAdminChatMessages,
  listAdminChatThreads,
  purgeAdminChatThread,
} from '@switchboard/contract';
import { wireAdminMessage, wireThreadDetails, wireThreadOverview } from '../../../chat/index.ts';
import { type HttpServer, page, reply, syncNumber } from '../../../http/index.ts';
import { type ChatRouteParts, pageSize } from './parts.ts';

const STATES = { all: 'all', true: 'deleted', false: 'live' } as const;

export function registerThreadRoutes(http: HttpServer, { chat, resourceOf }: ChatRouteParts): void {
  http.route(listAdminChatThreads, async ({ query, origin, apiVersion }) => {
    const { syncState, ...kept } = query;
    const limit = pageSize(query.maxPageSize);
    const found = await chat.oversight.list(resourceOf(query.resource), {
      state: STATES[query.deleted ?? 'all'],
      userId: query.user,
      beforeNo: syncNumber(syncState),
      limit: limit + 1,
    });
    const listing = { found, limit, path: '/admin/chat/threads', keyOf: ({ no }: { no: number }) => String(no), show: wireThreadOverview };
    return reply(200, page({ origin, apiVersion, query: kept }, listing));
  });

  http.route(getAdminChatThread, async ({ params, query }) => {
    const resource = resourceOf(query.resource);
    const details = await chat.oversight.get(resource, params.chatThreadId);
    return reply(
      200,
      wireThreadDetails(details, (id) => chat.presence.of({ resourceId: resource.id, id })),
    );
  });

  http.route(listAdminChatMessages, async ({ params, query, origin, apiVersion }) => {
    const { chatThreadId } = params;
    const { syncState, ...kept } = query;
    const limit = pageSize(query.maxPageSize);
    const range = { belowId: syncNumber(syncState), limit: limit + 1 };
    const found = await chat.oversight.messages(resourceOf(query.resource), chatThreadId, range);
    return reply(
      200,
      page(
        { origin, apiVersion, query: kept },
        {
          found,
          limit,
          path: `/admin/chat/threads/${encodeURIComponent(chatThreadId)}/messages`,
          keyOf: ({ id }) => String(id),
          show: (message) => wireAdminMessage(chatThreadId, message),
        },
      ),
    );
  });

  http.route(deleteAdminChatThread, async ({ params, query }) => {
    await chat.administrator.deleteThread(resourceOf(query.resource), params.chatThreadId);
    return reply(204);
  });

  http.route(purgeAdminChatThread, async ({ params, query }) => {
    await chat.oversight.purge(resourceOf(query.resource), params.deletedThreadId);
    return reply(204);
  });
}
