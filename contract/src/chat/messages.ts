import { type Static, Type } from 'typebox';
import { absent, CommunicationIdentifier, MetadataInput, MetadataPatch } from '../common.ts';
import { operation } from '../operation.ts';
import { ChatParticipant } from './participants.ts';
import { MessageParams, page, query, ThreadParams, TimePageQuery, user } from './requests.ts';

/** Only ever sent by the service, for what came from elsewhere; nothing here makes one yet. */
const ChatAttachment = Type.Object({
  id: Type.String(),
  /** `image` or `file`. */
  attachmentType: Type.String(),
  name: Type.Optional(Type.String()),
  url: Type.Optional(Type.String()),
  previewUrl: Type.Optional(Type.String()),
});

export const ChatMessageContent = Type.Object({
  message: Type.Optional(Type.String()),
  topic: Type.Optional(Type.String()),
  participants: Type.Optional(Type.Array(ChatParticipant)),
  attachments: Type.Optional(Type.Array(ChatAttachment)),
  initiatorCommunicationIdentifier: Type.Optional(CommunicationIdentifier),
});

export const ChatMessage = Type.Object({
  id: Type.String(),
  type: Type.String(),
  sequenceId: Type.String(),
  version: Type.String(),
  content: Type.Optional(ChatMessageContent),
  senderDisplayName: Type.Optional(Type.String()),
  createdOn: Type.String(),
  senderCommunicationIdentifier: Type.Optional(CommunicationIdentifier),
  deletedOn: Type.Optional(Type.String()),
  editedOn: Type.Optional(Type.String()),
  metadata: Type.Optional(MetadataInput),
});
export type ChatMessage = Static<typeof ChatMessage>;

export const sendChatMessage = operation({
  ...user,
  id: 'ChatThread_SendChatMessage',
  method: 'POST',
  path: '/chat/threads/{chatThreadId}/messages',
  summary: 'Sends a message to a thread',
  params: ThreadParams,
  query,
  body: Type.Object({
    content: Type.String(),
    senderDisplayName: absent(Type.String({ maxLength: 256 })),
    type: absent(Type.String({ maxLength: 32 })),
    metadata: absent(MetadataInput),
  }),
  responses: { 201: Type.Object({ id: Type.String() }) },
});

export const listChatMessages = operation({
  ...user,
  id: 'ChatThread_ListChatMessages',
  method: 'GET',
  path: '/chat/threads/{chatThreadId}/messages',
  summary: 'Lists the messages of a thread, newest first',
  params: ThreadParams,
  query: TimePageQuery,
  responses: { 200: page(ChatMessage) },
});

export const getChatMessage = operation({
  ...user,
  id: 'ChatThread_GetChatMessage',
  method: 'GET',
  path: '/chat/threads/{chatThreadId}/messages/{chatMessageId}',
  summary: 'Gets a message',
  params: MessageParams,
  query,
  responses: { 200: ChatMessage },
});

export const updateChatMessage = operation({
  ...user,
  id: 'ChatThread_UpdateChatMessage',
  method: 'PATCH',
  path: '/chat/threads/{chatThreadId}/messages/{chatMessageId}',
  summary: 'Edits a message of the user',
  params: MessageParams,
  query,
  body: Type.Object({ content: absent(Type.String()), metadata: absent(MetadataPatch) }),
  responses: { 204: null },
});

export const deleteChatMessage = operation({
  ...user,
  id: 'ChatThread_DeleteChatMessage',
  method: 'DELETE',
  path: '/chat/threads/{chatThreadId}/messages/{chatMessageId}',
  summary: 'Deletes a message of the user',
  params: MessageParams,
  query,
  responses: { 204: null },
});
