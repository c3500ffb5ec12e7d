import { type Static, Type } from 'typebox';
import { ChatMessage } from '../../chat/messages.ts';
import { page } from '../../chat/requests.ts';
import { absent, MetadataInput } from '../../common.ts';
import { operation } from '../../operation.ts';
import { admin } from '../admin.ts';
import { Id, oneOf, PageQuery, ResourceField, ResourceQuery, ThreadParams } from './fields.ts';

/** A message as the chat API shows it, with its thread. */
const AdminChatMessage = Type.Object({ ...ChatMessage.properties, chatThreadId: Type.String() });
export type AdminChatMessage = Static<typeof AdminChatMessage>;

export const listAdminChatMessages = operation({
  ...admin,
  polled: true,
  id: 'Admin_ListChatMessages',
  method: 'GET',
  path: '/admin/chat/threads/{chatThreadId}/messages',
  summary: 'Lists the messages of a chat thread, also of a deleted one, newest first',
  params: ThreadParams,
  query: Type.Object(PageQuery),
  responses: { 200: page(AdminChatMessage) },
});

export const findAdminChatMessages = operation({
  ...admin,
  polled: true,
  id: 'Admin_FindChatMessages',
  method: 'GET',
  path: '/admin/chat/messages',
  summary: 'Finds chat messages of a resource, newest first, and waits for them when asked to',
  query: Type.Object({
    ...ResourceQuery,
    threadId: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    sender: Type.Optional(Id),
    /** Only messages that this user can read and did not send. */
    recipient: Type.Optional(Id),
    type: Type.Optional(oneOf('text', 'html', 'topicUpdated', 'participantAdded', 'participantRemoved')),
    /** Only messages from this time on, or after the message with this id. */
    since: Type.Optional(Type.String({ maxLength: 64 })),
    /** A part of the text, or a pattern between slashes. */
    match: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
    /** Whether system messages count; false by default. */
    system: Type.Optional(Type.Boolean()),
    /** How many messages to wait for; 1 by default. */
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    /** How long to wait for them in real time, e.g. `10s`; not at all by default. */
    wait: Type.Optional(Type.String({ maxLength: 16 })),
  }),
  responses: { 200: Type.Object({ value: Type.Array(AdminChatMessage) }) },
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
