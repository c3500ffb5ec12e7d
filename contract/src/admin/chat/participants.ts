import { type Static, Type } from 'typebox';
import { ParticipantError } from '../../chat/participants.ts';
import { absent, MetadataInput } from '../../common.ts';
import { operation } from '../../operation.ts';
import { admin } from '../admin.ts';
import { Id, ResourceField, ThreadParams } from './fields.ts';

export const AdminChatParticipantInput = Type.Object({
  id: Id,
  displayName: absent(Type.String({ maxLength: 256 })),
  shareHistoryTime: absent(Type.String({ maxLength: 64 })),
  metadata: absent(MetadataInput),
});
export type AdminChatParticipantInput = Static<typeof AdminChatParticipantInput>;

export const addAdminChatParticipants = operation({
  ...admin,
  id: 'Admin_AddChatParticipants',
  method: 'POST',
  path: '/admin/chat/threads/{chatThreadId}/participants/:add',
  summary: 'Adds participants to a chat thread in the name of its creator',
  params: ThreadParams,
  body: Type.Object({ ...ResourceField, participants: Type.Array(AdminChatParticipantInput) }),
  responses: { 201: Type.Object({ invalidParticipants: Type.Optional(Type.Array(ParticipantError)) }) },
});

export const removeAdminChatParticipant = operation({
  ...admin,
  id: 'Admin_RemoveChatParticipant',
  method: 'POST',
  path: '/admin/chat/threads/{chatThreadId}/participants/:remove',
  summary: 'Removes a participant from a chat thread in the name of its creator',
  params: ThreadParams,
  body: Type.Object({ ...ResourceField, id: Id }),
  responses: { 204: null },
});
