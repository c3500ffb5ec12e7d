import { type Static, Type } from 'typebox';
import { ChatMessage } from '../../chat/messages.ts';
import { page } from '../../chat/requests.ts';
import { absent, MetadataInput } from '../../common.ts';
import { operation } from '../../operation.ts';
import { admin } from '../admin.ts';
import { Id, PageQuery, ResourceField, ThreadParams } from './fields.ts';

/** A message as the chat API shows it, with its thread. */
const AdminChatMessage = Type.Object({ ...ChatMessage.properties, chatThreadId: Type.String() });
export type AdminChatMessage = Static<typeof AdminChatMessage>;

export const listAdminChatMessages = operation({
  ...admin,
  id: 'Admin_ListChatMessages',
  method: 'GET',
  path: '/admin/chat/threads/{chatThreadId}/messages',
  summary: 'Lists the messages of a chat thread, also of a deleted one, newest first',
  params: ThreadParams,
  query: Type.Object(PageQuery),
  responses: { 200: page(AdminChatMessage) },
});

export const sendAdminChatMessage = operation({
  ...admin,
  id: 'Admin_SendChatMessage',
  method: 'POST',
  path: '/admin/chat/threads/{chatThreadId}/messages',
  summary: 'Sends a message as any participant of a chat thread',
  params: ThreadParams,
  body: Type.Object({
    ...ResourceField,
    as: Id,
    content: Type.String(),
    /** `text` (the default) or `html`. */
    type: absent(Type.String({ maxLength: 32 })),
    senderDisplayName: absent(Type.String({ maxLength: 256 })),
    metadata: absent(MetadataInput),
  }),
  responses: { 201: Type.Object({ id: Type.String() }) },
});

export const sendAdminTyping = operation({
  ...admin,
  id: 'Admin_SendTypingNotification',
  method: 'POST',
  path: '/admin/chat/threads/{chatThreadId}/typing',
  summary: 'Tells the other participants that a participant is typing',
  params: ThreadParams,
  body: Type.Object({ ...ResourceField, as: Id, senderDisplayName: absent(Type.String({ maxLength: 256 })) }),
  responses: { 204: null },
});

export const sendAdminReadReceipt = operation({
  ...admin,
  id: 'Admin_SendReadReceipt',
  method: 'POST',
  path: '/admin/chat/threads/{chatThreadId}/readReceipts',
  summary: 'Tells the other participants that a participant has read up to a message',
  params: ThreadParams,
  body: Type.Object({ ...ResourceField, as: Id, chatMessageId: Type.String({ minLength: 1, maxLength: 64 }) }),
  responses: { 204: null },
});
