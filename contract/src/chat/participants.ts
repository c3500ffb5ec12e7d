import { type Static, Type } from 'typebox';
import { absent, CommunicationIdentifier, CommunicationIdentifierInput, MetadataInput } from '../common.ts';
import { operation } from '../operation.ts';
import { page, query, SkipPageQuery, ThreadParams, user } from './requests.ts';

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

export const ParticipantError = Type.Object({ target: Type.String(), code: Type.String(), message: Type.String() });
export type ParticipantError = Static<typeof ParticipantError>;

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
