import { findAdminChatMessages } from '@switchboard/contract';
import { idSince, wireAdminMessage } from '../../../chat/index.ts';
import { type HttpServer, reply, TextMatch, waitMsOf } from '../../../http/index.ts';
import type { ChatRouteParts } from './parts.ts';

export function registerInboxRoute(http: HttpServer, { chat, resourceOf }: ChatRouteParts): void {
  http.route(findAdminChatMessages, async (call) => {
    const { resource, threadId, sender, recipient, type, since, match, system = false, count = 1, wait } = call.query;
    const query = {
      resourceId: resourceOf(resource).id,
      threadId,
      sender,
      recipient,
      type,
      fromId: idSince(since),
      match: match === undefined ? undefined : new TextMatch(match),
      system,
    };
    const found = await chat.inbox.find(query, {
      count,
      waitMs: waitMsOf(wait),
      whenOver: (end) => call.onAbandoned(end),
      outside: (waiting) => http.gate.outside(waiting),
    });
    return reply(200, { value: found.map((one) => wireAdminMessage(one.threadId, one.message)) });
  });
}
