import {
  deleteChatMessage,
  getChatMessage,
  listChatMessages,
  sendChatMessage,
  sendTypingNotification,
  updateChatMessage,
} from '@switchboard/contract';
import { type HttpServer, reply, syncNumber } from '../../http/index.ts';
import { type MessagePlace, type MessageService, parseMessageType } from '../message-service.ts';
import { wireMessage } from '../wire.ts';
import { page, pageSize, since, threadLocation, threadPath } from './page.ts';

export function registerMessageRoutes(http: HttpServer, messages: MessageService): void {
  http.route(sendChatMessage, async ({ params, body, caller, origin }) => {
    const { id } = await messages.send(caller, params.chatThreadId, {
      content: body.content,
      type: parseMessageType(body.type ?? 'text'),
      senderDisplayName: body.senderDisplayName ?? undefined,
      metadata: body.metadata ?? undefined,
    });
    return reply(201, { id: String(id) }, { location: `${threadLocation(origin, params.chatThreadId)}/messages/${id}` });
  });

  http.route(listChatMessages, async (call) => {
    const { query, caller, params } = call;
    const limit = pageSize(query.maxPageSize, caller);
    const range = { belowId: syncNumber(query.syncState), sinceMs: since(query.startTime), limit: limit + 1 };
    const found = await messages.list(caller, params.chatThreadId, range);
    const path = `${threadPath(params.chatThreadId)}/messages`;
    return reply(200, page(call, { found, limit, path, keyOf: (message) => String(message.id), show: wireMessage }));
  });

  http.route(getChatMessage, async ({ params, caller }) => reply(200, wireMessage(await messages.get(caller, placeOf(params)))));

  http.route(updateChatMessage, async ({ params, body, caller }) => {
    await messages.update(caller, placeOf(params), body);
    return reply(204);
  });

  http.route(deleteChatMessage, async ({ params, caller }) => {
    await messages.delete(caller, placeOf(params));
    return reply(204);
  });

  http.route(sendTypingNotification, async ({ params, body, caller }) => {
    await messages.type(caller, params.chatThreadId, body.senderDisplayName ?? undefined);
    return reply(200);
  });
}

function placeOf({ chatThreadId, chatMessageId }: { readonly chatThreadId: string; readonly chatMessageId: string }): MessagePlace {
  return { threadId: chatThreadId, messageId: chatMessageId };
}
