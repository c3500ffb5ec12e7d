import {
  addChatParticipants,
  createChatThread,
  deleteChatMessage,
  deleteChatThread,
  getChatMessage,
  getChatThread,
  listChatMessages,
  listChatParticipants,
  listChatThreads,
  removeChatParticipant,
  sendChatMessage,
  sendTypingNotification,
  updateChatMessage,
  updateChatThread,
} from '@switchboard/contract';
import { type HttpServer, nextLink, reply } from '../http/index.ts';
import type { Limits } from '../limits/index.ts';
import { chatErrors } from './errors.ts';
import type { MessageService } from './message-service.ts';
import type { ParticipantService } from './participant-service.ts';
import { parseParticipants, rawIdOf } from './participants.ts';
import { parseRetentionPolicy } from './retention-policy.ts';
import type { ThreadService } from './thread-service.ts';
import { parseTime } from './time.ts';
import { wireMessage, wireParticipant, wireThread, wireThreadItem } from './wire.ts';

export interface ChatRoutes {
  readonly threads: ThreadService;
  readonly participants: ParticipantService;
  readonly messages: MessageService;
  readonly limits: Limits;
}

export function registerChatRoutes(http: HttpServer, { threads, participants, messages, limits }: ChatRoutes): void {
  http.route(createChatThread, async ({ body, caller, origin, header, bodyHash }) => {
    const requestId = header('repeatability-request-id');
    const { thread, invalid } = await threads.create(caller, {
      topic: body.topic,
      participants: parseParticipants(body.participants ?? [], limits),
      metadata: body.metadata ?? undefined,
      retentionPolicy: parseRetentionPolicy(body.retentionPolicy ?? undefined),
      repeatability: requestId === undefined ? undefined : { requestId: checkRequestId(requestId), fingerprint: `create-thread ${bodyHash()}` },
    });
    const location = `${origin}/chat/threads/${thread.id.replace(':', '%3A')}`;
    return reply(201, { chatThread: wireThread(thread), ...(invalid.length === 0 ? {} : { invalidParticipants: [...invalid] }) }, { location });
  });

  http.route(listChatThreads, async ({ query, caller, origin, apiVersion }) => {
    const limit = pageSize(query.maxPageSize, limits);
    const found = await threads.list(caller, { beforeNo: syncNumber(query.syncState), sinceMs: since(query.startTime), limit: limit + 1 });
    const last = found[limit - 1];
    const link = { origin, apiVersion, path: '/chat/threads', query: { maxPageSize: query.maxPageSize, startTime: query.startTime } };
    return reply(200, { value: found.slice(0, limit).map(wireThreadItem), ...(found.length > limit && last !== undefined ? { nextLink: nextLink({ ...link, syncState: String(last.no) }) } : {}) });
  });

  http.route(getChatThread, async ({ params, caller }) => reply(200, wireThread(await threads.get(caller, params.chatThreadId))));

  http.route(updateChatThread, async ({ params, body, caller }) => {
    const { topic, metadata, retentionPolicy } = body;
    await threads.update(caller, params.chatThreadId, { topic, metadata, retentionPolicy: retentionPolicy === null ? null : parseRetentionPolicy(retentionPolicy) });
    return reply(204);
  });

  http.route(deleteChatThread, async ({ params, caller }) => {
    await threads.delete(caller, params.chatThreadId);
    return reply(204);
  });

  http.route(sendChatMessage, async ({ params, body, caller, origin }) => {
    const message = await messages.send(caller, params.chatThreadId, {
      content: body.content,
      type: messageType(body.type ?? 'text'),
      senderDisplayName: body.senderDisplayName ?? undefined,
      metadata: body.metadata ?? undefined,
    });
    const location = `${origin}/chat/threads/${params.chatThreadId.replace(':', '%3A')}/messages/${message.id}`;
    return reply(201, { id: String(message.id) }, { location });
  });

  http.route(listChatMessages, async ({ params, query, caller, origin, apiVersion }) => {
    const limit = pageSize(query.maxPageSize, limits);
    const found = await messages.list(caller, params.chatThreadId, { belowId: syncNumber(query.syncState), sinceMs: since(query.startTime), limit: limit + 1 });
    const last = found[limit - 1];
    const path = `/chat/threads/${encodeURIComponent(params.chatThreadId)}/messages`;
    const link = { origin, apiVersion, path, query: { maxPageSize: query.maxPageSize, startTime: query.startTime } };
    return reply(200, { value: found.slice(0, limit).map(wireMessage), ...(found.length > limit && last !== undefined ? { nextLink: nextLink({ ...link, syncState: String(last.id) }) } : {}) });
  });

  http.route(getChatMessage, async ({ params, caller }) => reply(200, wireMessage(await messages.get(caller, params.chatThreadId, params.chatMessageId))));

  http.route(updateChatMessage, async ({ params, body, caller }) => {
    await messages.update(caller, params.chatThreadId, params.chatMessageId, body);
    return reply(204);
  });

  http.route(deleteChatMessage, async ({ params, caller }) => {
    await messages.delete(caller, params.chatThreadId, params.chatMessageId);
    return reply(204);
  });

  http.route(listChatParticipants, async ({ params, query, caller, origin, apiVersion }) => {
    const limit = pageSize(query.maxPageSize, limits);
    const all = (await participants.list(caller, params.chatThreadId)).slice(query.skip ?? 0);
    const rest = query.syncState === undefined ? all : all.filter((row) => row.userId > (query.syncState as string));
    const shown = rest.slice(0, limit);
    const path = `/chat/threads/${encodeURIComponent(params.chatThreadId)}/participants`;
    const next = rest.length > limit ? nextLink({ origin, apiVersion, path, query: { maxPageSize: query.maxPageSize }, syncState: shown.at(-1)?.userId ?? '' }) : undefined;
    return reply(200, { value: shown.map(wireParticipant), ...(next === undefined ? {} : { nextLink: next }) });
  });

  http.route(addChatParticipants, async ({ params, body, caller }) => {
    const invalid = await participants.add(caller, params.chatThreadId, parseParticipants(body.participants, limits));
    return reply(201, invalid.length === 0 ? {} : { invalidParticipants: [...invalid] });
  });

  http.route(removeChatParticipant, async ({ params, body, caller }) => {
    const userId = rawIdOf(body);
    if (userId === undefined) throw chatErrors.invalid('rawId', 'is required: name the user by communicationUser.id or rawId');
    await participants.remove(caller, params.chatThreadId, userId);
    return reply(204);
  });

  http.route(sendTypingNotification, async ({ params, body, caller }) => {
    await messages.type(caller, params.chatThreadId, body.senderDisplayName ?? undefined);
    return reply(200);
  });
}

/** Larger pages than the limit are cut to it, as the service does. */
function pageSize(wanted: number | undefined, limits: Limits): number {
  return Math.min(wanted ?? limits.value('chat.page-size'), limits.value('chat.page-size'));
}

function since(startTime: string | undefined): number {
  return startTime === undefined ? 0 : parseTime(startTime, 'startTime');
}

function syncNumber(syncState: string | undefined): number {
  if (syncState === undefined) return Number.MAX_SAFE_INTEGER;
  const value = /^\d{1,16}$/.test(syncState) ? Number(syncState) : NaN;
  if (!Number.isSafeInteger(value)) throw chatErrors.invalid('syncState', 'is not one of ours: follow nextLink as it is');
  return value;
}

function messageType(text: string): 'text' | 'html' {
  const type = text.toLowerCase();
  if (type !== 'text' && type !== 'html') throw chatErrors.invalid('type', 'must be text or html');
  return type;
}

function checkRequestId(id: string): string {
  if (!/^[\w-]{1,64}$/.test(id)) throw chatErrors.invalid('repeatability-request-id', 'must be a UUID');
  return id;
}
