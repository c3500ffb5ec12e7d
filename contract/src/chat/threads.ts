import { type Static, Type } from 'typebox';
import { absent, CommunicationIdentifier, MetadataInput, MetadataPatch } from '../common.ts';
import { operation } from '../operation.ts';
import { ChatParticipantInput, ParticipantError } from './participants.ts';
import { page, query, ThreadParams, TimePageQuery, user } from './requests.ts';

export const RetentionPolicyInput = Type.Object({ kind: Type.String({ maxLength: 64 }), deleteThreadAfterDays: absent(Type.Integer()) });

export const ChatThreadProperties = Type.Object({
  id: Type.String(),
  topic: Type.String(),
  createdOn: Type.String(),
  createdByCommunicationIdentifier: CommunicationIdentifier,
  deletedOn: Type.Optional(Type.String()),
  metadata: Type.Optional(MetadataInput),
  retentionPolicy: Type.Optional(Type.Object({ kind: Type.String(), deleteThreadAfterDays: Type.Optional(Type.Integer()) })),
});
export type ChatThreadProperties = Static<typeof ChatThreadProperties>;

export const ChatThreadItem = Type.Object({
  id: Type.String(),
  topic: Type.String(),
  deletedOn: Type.Optional(Type.String()),
  lastMessageReceivedOn: Type.Optional(Type.String()),
});
export type ChatThreadItem = Static<typeof ChatThreadItem>;

export const createChatThread = operation({
  ...user,
  id: 'Chat_CreateChatThread',
  method: 'POST',
  path: '/chat/threads',
  summary: 'Creates a chat thread',
  query,
  body: Type.Object({
    topic: Type.String(),
    participants: absent(Type.Array(ChatParticipantInput)),
    metadata: absent(MetadataInput),
    retentionPolicy: absent(RetentionPolicyInput),
  }),
  responses: { 201: Type.Object({ chatThread: ChatThreadProperties, invalidParticipants: Type.Optional(Type.Array(ParticipantError)) }) },
});

export const listChatThreads = operation({
  ...user,
  id: 'Chat_ListChatThreads',
  method: 'GET',
  path: '/chat/threads',
  summary: 'Lists the threads of the user, newest first',
  query: TimePageQuery,
  responses: { 200: page(ChatThreadItem) },
});

export const getChatThread = operation({
  ...user,
  id: 'ChatThread_GetChatThreadProperties',
  method: 'GET',
  path: '/chat/threads/{chatThreadId}',
  summary: 'Gets a thread',
  params: ThreadParams,
  query,
  responses: { 200: ChatThreadProperties },
});

export const updateChatThread = operation({
  ...user,
  id: 'ChatThread_UpdateChatThreadProperties',
  method: 'PATCH',
  path: '/chat/threads/{chatThreadId}',
  summary: 'Changes topic, metadata or retention policy of a thread',
  params: ThreadParams,
  query,
  body: Type.Object({
    topic: Type.Optional(Type.String()),
    metadata: absent(MetadataPatch),
    retentionPolicy: absent(RetentionPolicyInput),
  }),
  responses: { 204: null },
});

export const deleteChatThread = operation({
  ...user,
  id: 'Chat_DeleteChatThread',
  method: 'DELETE',
  path: '/chat/threads/{chatThreadId}',
  summary: 'Deletes a thread',
  params: ThreadParams,
  query,
  responses: { 204: null },
});
