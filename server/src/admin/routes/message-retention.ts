import { updateAdminChatThread } from '@switchboard/contract';
import { type Chat, parseRetentionPolicy } from '../../chat/index.ts';
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
    const resource = resources.byName(body.resource ?? DEFAULT_RESOURCE);
    const threadId = params.chatThreadId;
    const { topic, retentionPolicy, messageRetentionDays } = body;
    if (typeof topic === 'string' || retentionPolicy !== undefined) {
      const policy = retentionPolicy === null ? null : parseRetentionPolicy(retentionPolicy);
      await chat.administrator.updateThread(resource, threadId, { topic: topic ?? undefined, retentionPolicy: policy });
    }
    const { days, setBy } =
      messageRetentionDays === undefined
        ? (await chat.oversight.get(resource, threadId)).messageRetention
        : await chat.keepMessages(resource.id, threadId, messageDaysOf(messageRetentionDays) ?? undefined);
    return reply(200, { id: threadId, messageRetentionDays: wireMessageDays(days), messageRetentionSetBy: setBy });
  });
}
