import { Type } from 'typebox';
import { RetentionPolicyInput } from '../chat/threads.ts';
import { absent } from '../common.ts';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';

/** A hundred years: longer than anybody waits, and far from where times end. */
const MOST_DAYS = 36_500;

/** How long chat messages are to be kept: days, null for without end, `default` for what the next wider setting says. */
export const MessageRetentionInput = Type.Union([Type.Integer({ minimum: 1, maximum: MOST_DAYS }), Type.Null(), Type.Literal('default')]);

/** How long chat messages are kept, and which setting says so: from the narrowest to the widest, the first one that is set. */
export const MessageRetention = {
  /** Days, or null for without end. */
  messageRetentionDays: Type.Union([Type.Integer(), Type.Null()]),
  messageRetentionSetBy: Type.Union([Type.Literal('thread'), Type.Literal('policy'), Type.Literal('resource'), Type.Literal('limits')]),
} as const;

export const updateAdminChatThread = operation({
  ...admin,
  id: 'Admin_UpdateChatThread',
  method: 'PATCH',
  path: '/admin/chat/threads/{chatThreadId}',
  summary: 'Changes topic, retention policy, and how long the messages of a chat thread are kept, those it has included',
  params: Type.Object({ chatThreadId: Type.String({ minLength: 1, maxLength: 256 }) }),
  body: Type.Object({
    /** Name of its resource, `local` unless another is named. */
    resource: absent(Type.String({ minLength: 1, maxLength: 63 })),
    topic: absent(Type.String()),
    /** Null takes the policy away. */
    retentionPolicy: absent(RetentionPolicyInput),
    messageRetentionDays: Type.Optional(MessageRetentionInput),
  }),
  responses: { 200: Type.Object({ id: Type.String(), ...MessageRetention }) },
});
