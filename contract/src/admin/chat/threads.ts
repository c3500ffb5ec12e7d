import { type Static, Type } from 'typebox';
import { ParticipantError } from '../../chat/participants.ts';
import { page } from '../../chat/requests.ts';
import { RetentionPolicyInput } from '../../chat/threads.ts';
import { absent, MetadataInput } from '../../common.ts';
import { operation } from '../../operation.ts';
import { admin } from '../admin.ts';
import { MessageRetention } from '../message-retention.ts';
import { Id, oneOf, PageQuery, ResourceField, ResourceQuery, ThreadParams } from './fields.ts';
import { AdminChatParticipantInput } from './participants.ts';

/** All times are ISO 8601 in UTC with milliseconds; all users are raw ids. */
const AdminChatThreadItem = Type.Object({
  id: Type.String(),
  topic: Type.String(),
  createdOn: Type.String(),
  createdBy: Type.String(),
  /** Those who take part now. */
  participantCount: Type.Integer(),
  /** Of any message, system messages included. */
  lastMessageOn: Type.Optional(Type.String()),
  deletedOn: Type.Optional(Type.String()),
  /** When the rows of a deleted thread are removed for good. */
  purgeOn: Type.Optional(Type.String()),
  deletedReason: Type.Optional(oneOf('deletedByUser', 'deletedByPolicy')),
  retentionPolicy: Type.Optional(Type.Object({ kind: Type.String(), deleteThreadAfterDays: Type.Optional(Type.Integer()) })),
  metadata: Type.Optional(MetadataInput),
});
export type AdminChatThreadItem = Static<typeof AdminChatThreadItem>;

const AdminChatParticipant = Type.Object({
  id: Type.String(),
  displayName: Type.Optional(Type.String()),
  shareHistoryTime: Type.Optional(Type.String()),
  metadata: Type.Optional(MetadataInput),
  /** Whether a live connection is open. */
  connected: Type.Boolean(),
  /** The last sign of life of a live connection, if there was one since the server started. */
  lastSeen: Type.Optional(Type.String()),
});
export type AdminChatParticipant = Static<typeof AdminChatParticipant>;

const AdminReadReceipt = Type.Object({ userId: Type.String(), chatMessageId: Type.String(), readOn: Type.String() });

const AdminChatThread = Type.Object({
  ...AdminChatThreadItem.properties,
  participants: Type.Array(AdminChatParticipant),
  /** How far each user has read. */
  receipts: Type.Array(AdminReadReceipt),
  ...MessageRetention,
});
export type AdminChatThread = Static<typeof AdminChatThread>;

export const listAdminChatThreads = operation({
  ...admin,
  polled: true,
  id: 'Admin_ListChatThreads',
  method: 'GET',
  path: '/admin/chat/threads',
  summary: 'Lists the chat threads of a resource, deleted ones included, newest first',
  query: Type.Object({
    ...PageQuery,
    /** Only deleted threads, only others, or all (the default). */
    deleted: Type.Optional(oneOf('true', 'false', 'all')),
    /** Only threads in which this user takes part or once took part. */
    user: Type.Optional(Id),
  }),
  responses: { 200: page(AdminChatThreadItem) },
});

export const getAdminChatThread = operation({
  ...admin,
  polled: true,
  id: 'Admin_GetChatThread',
  method: 'GET',
  path: '/admin/chat/threads/{chatThreadId}',
  summary: 'Gets a chat thread with participants, receipts and retention, also a deleted one',
  params: ThreadParams,
  query: Type.Object(ResourceQuery),
  responses: { 200: AdminChatThread },
});

export const createAdminChatThread = operation({
  ...admin,
  id: 'Admin_CreateChatThread',
  method: 'POST',
  path: '/admin/chat/threads',
  summary: 'Creates a chat thread as any user',
  body: Type.Object({
    ...ResourceField,
    /** The user who creates it, and takes part in it. */
    as: Id,
    topic: Type.String(),
    participants: absent(Type.Array(AdminChatParticipantInput)),
    metadata: absent(MetadataInput),
    retentionPolicy: absent(RetentionPolicyInput),
  }),
  responses: { 201: Type.Object({ chatThread: AdminChatThread, invalidParticipants: Type.Optional(Type.Array(ParticipantError)) }) },
});

export const deleteAdminChatThread = operation({
  ...admin,
  id: 'Admin_DeleteChatThread',
  method: 'DELETE',
  path: '/admin/chat/threads/{chatThreadId}',
  summary: 'Deletes a chat thread in the name of its creator; its rows stay until they are purged',
  params: ThreadParams,
  query: Type.Object(ResourceQuery),
  responses: { 204: null },
});

export const purgeAdminChatThread = operation({
  ...admin,
  id: 'Admin_PurgeChatThread',
  method: 'POST',
  path: '/admin/chat/threads/{deletedThreadId}:purge',
  summary: 'Removes the rows of a deleted chat thread now',
  params: Type.Object({ deletedThreadId: Type.String({ minLength: 1, maxLength: 256 }) }),
  query: Type.Object(ResourceQuery),
  responses: { 204: null },
});
