import { type Static, type TSchema, Type } from 'typebox';
import { absent, ApiVersionQuery, CommunicationIdentifier, CommunicationIdentifierInput, MetadataInput, MetadataPatch } from './common.ts';
import { operation } from './operation.ts';

const ThreadParams = Type.Object({ chatThreadId: Type.String({ minLength: 1, maxLength: 256 }) });
const MessageParams = Type.Object({
  chatThreadId: Type.String({ minLength: 1, maxLength: 256 }),
  chatMessageId: Type.String({ minLength: 1, maxLength: 64 }),
});
const query = Type.Object(ApiVersionQuery);
const PageQuery = { ...ApiVersionQuery, maxPageSize: Type.Optional(Type.Integer({ minimum: 1 })) };
const TimePageQuery = Type.Object({
  ...PageQuery,
  startTime: Type.Optional(Type.String({ maxLength: 64 })),
  syncState: Type.Optional(Type.String({ maxLength: 512 })),
});
const SkipPageQuery = Type.Object({
  ...PageQuery,
  skip: Type.Optional(Type.Integer({ minimum: 0 })),
  syncState: Type.Optional(Type.String({ maxLength: 512 })),
});

function page<T extends TSchema>(item: T) {
  return Type.Object({ value: Type.Array(item), nextLink: Type.Optional(Type.String()) });
}

/** A participant as clients send it: the published form, or the handbook's `id: { communicationUserId }`. */
export const ChatParticipantInput = Type.Object({
  communicationIdentifier: absent(CommunicationIdentifierInput),
  id: absent(Type.Object({ communicationUserId: Type.String({ maxLength: 512 }) })),
  displayName: absent(Type.String({ maxLength: 256 })),
  shareHistoryTime: absent(Type.String({ maxLength: 64 })),
  metadata: absent(MetadataInput),
});
export type ChatParticipantInput = Static<typeof ChatParticipantInput>;

export const ChatParticipant = Type.Object({
  communicationIdentifier: CommunicationIdentifier,
  displayName: Type.Optional(Type.String()),
  shareHistoryTime: Type.Optional(Type.String()),
  metadata: Type.Optional(MetadataInput),
});
export type ChatParticipant = Static<typeof ChatParticipant>;

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

export const ParticipantError = Type.Object({ target: Type.String(), code: Type.String(), message: Type.String() });
export type ParticipantError = Static<typeof ParticipantError>;

export const ChatMessageContent = Type.Object({
  message: Type.Optional(Type.String()),
  topic: Type.Optional(Type.String()),
  participants: Type.Optional(Type.Array(ChatParticipant)),
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

const user = { auth: 'userToken', apiVersion: true } as const;

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

export const listChatParticipants = operation({
  ...user,
  id: 'ChatThread_ListChatParticipants',
  method: 'GET',
  path: '/chat/threads/{chatThreadId}/participants',
  summary: 'Lists the participants of a thread',
  params: ThreadParams,
  query: SkipPageQuery,
  responses: { 200: page(ChatParticipant) },
});

export const addChatParticipants = operation({
  ...user,
  id: 'ChatThread_AddChatParticipants',
  method: 'POST',
  path: '/chat/threads/{chatThreadId}/participants/:add',
  summary: 'Adds participants to a thread',
  params: ThreadParams,
  query,
  body: Type.Object({ participants: Type.Array(ChatParticipantInput) }),
  responses: { 201: Type.Object({ invalidParticipants: Type.Optional(Type.Array(ParticipantError)) }) },
});

export const removeChatParticipant = operation({
  ...user,
  id: 'ChatThread_RemoveChatParticipant',
  method: 'POST',
  path: '/chat/threads/{chatThreadId}/participants/:remove',
  summary: 'Removes a participant from a thread',
  params: ThreadParams,
  query,
  body: CommunicationIdentifierInput,
  responses: { 204: null },
});

export const sendTypingNotification = operation({
  ...user,
  id: 'ChatThread_SendTypingNotification',
  method: 'POST',
  path: '/chat/threads/{chatThreadId}/typing',
  summary: 'Tells the other participants that the user is typing',
  params: ThreadParams,
  query,
  body: Type.Object({ senderDisplayName: absent(Type.String({ maxLength: 256 })) }),
  bodyOptional: true,
  responses: { 200: null },
});

/** Not in the published definition: tells the SDK where its live connection goes. */
export const getRealTimeConfig = operation({
  ...user,
  id: 'Chat_GetRealTimeNotificationsConfig',
  method: 'GET',
  path: '/chat/config/realTimeNotifications',
  summary: 'Gets the addresses of the live-push services',
  query,
  responses: { 200: Type.Object({ trouterServiceUrl: Type.String(), registrarServiceUrl: Type.String(), cloudType: Type.String() }) },
});
