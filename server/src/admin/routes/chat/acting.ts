import {
  addAdminChatParticipants,
  type AdminChatParticipantInput,
  type ChatParticipantInput,
  createAdminChatThread,
  removeAdminChatParticipant,
  sendAdminChatMessage,
  sendAdminReadReceipt,
  sendAdminTyping,
} from '@switchboard/contract';
import { parseMessageType, parseParticipants, parseRetentionPolicy, wireThreadDetails } from '../../../chat/index.ts';
import { type HttpServer, reply } from '../../../http/index.ts';
import type { ChatRouteParts } from './parts.ts';

/** What an administrator does as a user. */
export function registerActingRoutes(http: HttpServer, { chat, resourceOf }: ChatRouteParts): void {
  const { administrator, oversight, presence } = chat;

  http.route(createAdminChatThread, async ({ body }) => {
    const resource = resourceOf(body.resource);
    const { thread, invalid } = await administrator.createThread(resource, body.as, {
      topic: body.topic,
      participants: parseParticipants((body.participants ?? []).map(asChatInput), resource.limits),
      metadata: body.metadata ?? undefined,
      retentionPolicy: parseRetentionPolicy(body.retentionPolicy ?? undefined),
      repeatability: undefined,
    });
    const details = await oversight.get(resource, thread.id);
    const chatThread = wireThreadDetails(details, (id) => presence.of({ resourceId: resource.id, id }));
    return reply(201, { chatThread, ...(invalid.length === 0 ? {} : { invalidParticipants: [...invalid] }) });
  });

  http.route(addAdminChatParticipants, async ({ params, body }) => {
    const resource = resourceOf(body.resource);
    const wanted = parseParticipants(body.participants.map(asChatInput), resource.limits);
    const invalid = await administrator.addParticipants(resource, params.chatThreadId, wanted);
    return reply(201, invalid.length === 0 ? {} : { invalidParticipants: [...invalid] });
  });

  http.route(removeAdminChatParticipant, async ({ params, body }) => {
    await administrator.removeParticipant(resourceOf(body.resource), params.chatThreadId, body.id);
    return reply(204);
  });

  http.route(sendAdminChatMessage, async ({ params, body }) => {
    const { id } = await administrator.send(placeOf(params, body), {
      content: body.content,
      type: parseMessageType(body.type ?? 'text'),
      senderDisplayName: body.senderDisplayName ?? undefined,
      metadata: body.metadata ?? undefined,
    });
    return reply(201, { id: String(id) });
  });

  http.route(sendAdminTyping, async ({ params, body }) => {
    await administrator.type(placeOf(params, body), body.senderDisplayName ?? undefined);
    return reply(204);
  });

  http.route(sendAdminReadReceipt, async ({ params, body }) => {
    await administrator.read(placeOf(params, body), body.chatMessageId);
    return reply(204);
  });

  function placeOf({ chatThreadId }: { readonly chatThreadId: string }, body: { readonly resource?: string | null; readonly as: string }) {
    return { resource: resourceOf(body.resource), as: body.as, threadId: chatThreadId };
  }
}

/** The same participant in the words of the chat API. */
function asChatInput({ id, ...others }: AdminChatParticipantInput): ChatParticipantInput {
  return { communicationIdentifier: { rawId: id }, ...others };
}
