import { type Static, Type } from 'typebox';
import { operation } from '../../operation.ts';
import { admin } from '../admin.ts';
import { oneOf, ResourceField, ResourceQuery } from '../chat/fields.ts';

const Number = Type.String({ minLength: 1, maxLength: 64 });

/** A text message that a resource sent, or that a phone sent to it. */
const AdminSmsMessage = Type.Object({
  messageId: Type.String(),
  /** `outbound` from a number of the resource, `inbound` from a phone. */
  direction: Type.String(),
  from: Type.String(),
  to: Type.String(),
  message: Type.String(),
  /**
   * Outbound: `queued`, `submitted` to its carrier, `delivered` or `failed`. Inbound: `received`, `refused` by a number that takes none, or
   * `incomplete` when segments did not come.
   */
  status: Type.String(),
  /** What became of it, where that needs words. */
  statusDetails: Type.Optional(Type.String()),
  segmentCount: Type.Integer(),
  createdOn: Type.String(),
  submittedOn: Type.Optional(Type.String()),
  /** When its end was known. */
  concludedOn: Type.Optional(Type.String()),
  carrier: Type.Optional(Type.String()),
  tag: Type.Optional(Type.String()),
});
export type AdminSmsMessage = Static<typeof AdminSmsMessage>;

export const findAdminSmsMessages = operation({
  ...admin,
  polled: true,
  id: 'Admin_FindSmsMessages',
  method: 'GET',
  path: '/admin/sms/messages',
  summary: 'Finds text messages of a resource, newest first, and waits for them when asked to',
  query: Type.Object({
    ...ResourceQuery,
    direction: Type.Optional(oneOf('outbound', 'inbound')),
    from: Type.Optional(Number),
    to: Type.Optional(Number),
    /** A phone or number at either end. */
    number: Type.Optional(Number),
    status: Type.Optional(oneOf('queued', 'submitted', 'delivered', 'failed', 'received', 'refused', 'incomplete')),
    /** Only messages from this time on, or after the message with this id. */
    since: Type.Optional(Type.String({ maxLength: 128 })),
    /** A part of the text, or a pattern between slashes. */
    match: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
    /** How many messages to wait for; 1 by default. */
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    /** How long to wait for them in real time, e.g. `10s`; not at all by default. */
    wait: Type.Optional(Type.String({ maxLength: 16 })),
  }),
  responses: { 200: Type.Object({ value: Type.Array(AdminSmsMessage) }) },
});

export const receiveAdminSms = operation({
  ...admin,
  id: 'Admin_ReceiveSms',
  method: 'POST',
  path: '/admin/sms/inbound',
  summary: 'Lets a phone text one of our numbers',
  body: Type.Object({
    ...ResourceField,
    /** The phone: in the E.164 form, a short code, or a name. */
    from: Number,
    /** The number, whichever resource owns it; a resource that is named must. */
    to: Number,
    message: Type.String({ maxLength: 10_000 }),
  }),
  responses: {
    202: Type.Object({
      /** `received`, `refused`, or `sent` while it is on its way. */
      status: Type.String(),
      statusDetails: Type.Optional(Type.String()),
      messageId: Type.Optional(Type.String()),
      segmentCount: Type.Integer(),
    }),
  },
});
