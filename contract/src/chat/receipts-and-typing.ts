import { type Static, Type } from 'typebox';
import { absent, CommunicationIdentifier } from '../common.ts';
import { operation } from '../operation.ts';
import { page, query, SkipPageQuery, ThreadParams, user } from './requests.ts';

export const ChatMessageReadReceipt = Type.Object({
  senderCommunicationIdentifier: CommunicationIdentifier,
  chatMessageId: Type.String(),
  readOn: Type.String(),
});
export type ChatMessageReadReceipt = Static<typeof ChatMessageReadReceipt>;

export const listChatReadReceipts = operation({
  ...user,
  id: 'ChatThread_ListChatReadReceipts',
  method: 'GET',
  path: '/chat/threads/{chatThreadId}/readReceipts',
  summary: 'Lists how far each participant has read',
  params: ThreadParams,
  query: SkipPageQuery,
  responses: { 200: page(ChatMessageReadReceipt) },
});

export const sendChatReadReceipt = operation({
  ...user,
  id: 'ChatThread_SendChatReadReceipt',
  method: 'POST',
  path: '/chat/threads/{chatThreadId}/readReceipts',
  summary: 'Tells the other participants that the user has read up to a message',
  params: ThreadParams,
  query,
  body: Type.Object({ chatMessageId: Type.String({ minLength: 1, maxLength: 64 }) }),
  responses: { 200: null },
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
