import { updateAdminChatThread } from '@switchboard/contract';
import type { Chat } from '../../chat/index.ts';
import { type HttpServer, reply } from '../../http/index.ts';
import type { ResourceService } from '../../resources/index.ts';
import { messageDaysOf, wireMessageDays } from '../message-days.ts';
import { DEFAULT_RESOURCE } from './resources.ts';

export interface MessageRetentionRoutes {
  readonly chat: Chat;
  readonly resources: ResourceService;
}

export function registerMessageRetentionRoutes(http: HttpServer, { chat, resources }: MessageRetentionRoutes): void {
  http.route(updateAdminChatThread, async ({ params, body }) => {
    const { id: resourceId } = resources.byName(body.resource ?? DEFAULT_RESOURCE);
    const threadId = params.chatThreadId;
    const { days, setBy } = await chat.keepMessages(resourceId, threadId, messageDaysOf(body.messageRetentionDays) ?? undefined);
    return reply(200, { id: threadId, messageRetentionDays: wireMessageDays(days), messageRetentionSetBy: setBy });
  });
}
