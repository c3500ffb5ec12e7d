import { createChatThread, deleteChatThread, getChatThread, listChatThreads, updateChatThread } from '@switchboard/contract';
import { type HttpServer, reply, syncNumber } from '../../http/index.ts';
import { chatErrors } from '../errors.ts';
import { parseParticipants } from '../participants.ts';
import { parseRetentionPolicy } from '../retention-policy.ts';
import type { ThreadService } from '../thread-service.ts';
import { wireThread, wireThreadItem } from '../wire.ts';
import { page, pageSize, since, threadLocation } from './page.ts';

export function registerThreadRoutes(http: HttpServer, threads: ThreadService): void {
  http.route(createChatThread, async (call) => {
    const { body, caller, origin } = call;
    const requestId = call.header('repeatability-request-id');
    const { thread, invalid } = await threads.create(caller, {
      topic: body.topic,
      participants: parseParticipants(body.participants ?? [], caller.resource.limits),
      metadata: body.metadata ?? undefined,
      retentionPolicy: parseRetentionPolicy(body.retentionPolicy ?? undefined),
      repeatability:
        requestId === undefined ? undefined : { requestId: checkRequestId(requestId), fingerprint: `create-thread ${call.bodyHash()}` },
    });
    const invalidParticipants = invalid.length === 0 ? {} : { invalidParticipants: [...invalid] };
    return reply(201, { chatThread: wireThread(thread), ...invalidParticipants }, { location: threadLocation(origin, thread.id) });
  });

  http.route(listChatThreads, async (call) => {
    const { query, caller } = call;
    const limit = pageSize(query.maxPageSize, caller);
    const found = await threads.list(caller, { beforeNo: syncNumber(query.syncState), sinceMs: since(query.startTime), limit: limit + 1 });
    return reply(200, page(call, { found, limit, path: '/chat/threads', keyOf: (item) => String(item.no), show: wireThreadItem }));
  });

  http.route(getChatThread, async ({ params, caller }) => reply(200, wireThread(await threads.get(caller, params.chatThreadId))));

  http.route(updateChatThread, async ({ params, body, caller }) => {
    const { topic, metadata, retentionPolicy } = body;
    const policy = retentionPolicy === null ? null : parseRetentionPolicy(retentionPolicy);
    await threads.update(caller, params.chatThreadId, { topic, metadata, retentionPolicy: policy });
    return reply(204);
  });

  http.route(deleteChatThread, async ({ params, caller }) => {
    await threads.delete(caller, params.chatThreadId);
    return reply(204);
  });
}

function checkRequestId(id: string): string {
  if (!/^[\w-]{1,64}$/.test(id)) throw chatErrors.invalid('repeatability-request-id', 'must be a UUID');
  return id;
}
