import { type Static, Type } from 'typebox';
import { absent } from '../common.ts';
import { operation } from '../operation.ts';
import { Address, sms, SmsQuery } from './shapes.ts';

/** Beyond what any preset allows in one request. */
const MOST_RECIPIENTS = 1_000;

const Recipient = Type.Object({
  to: Address,
  /** Sends once, however often it comes with this id. */
  repeatabilityRequestId: absent(Type.String({ maxLength: 128 })),
  /** When that was first tried, as RFC 1123 writes times. */
  repeatabilityFirstSent: absent(Type.String({ maxLength: 64 })),
});

const reporting = {
  enableDeliveryReport: absent(Type.Boolean()),
  /** Comes back in the report. */
  tag: absent(Type.String()),
  deliveryReportTimeoutInSeconds: absent(Type.Integer({ minimum: 60, maximum: 43_200 })),
};

const SendOptions = Type.Object({
  ...reporting,
  /** Delivery by a partner. Known so that it can be refused by its name. */
  messagingConnect: absent(Type.Object({})),
});

/** The recipients are `smsRecipients`, or in the short form `to`, whose options stand beside it. */
export const SendSmsBody = Type.Object({
  from: Address,
  message: Type.String(),
  smsRecipients: absent(Type.Array(Recipient, { maxItems: MOST_RECIPIENTS })),
  to: absent(Type.Union([Address, Type.Array(Address, { maxItems: MOST_RECIPIENTS })])),
  smsSendOptions: absent(SendOptions),
  ...reporting,
});
export type SendSmsBody = Static<typeof SendSmsBody>;

const SendResult = Type.Object({
  to: Type.String(),
  messageId: Type.Optional(Type.String()),
  httpStatusCode: Type.Integer(),
  /** `accepted` or `rejected`, of a recipient with an id of its own. */
  repeatabilityResult: Type.Optional(Type.String()),
  errorMessage: Type.Optional(Type.String()),
  successful: Type.Boolean(),
});
export type SendSmsResult = Static<typeof SendResult>;

export const sendSms = operation({
  ...sms,
  id: 'Sms_Send',
  method: 'POST',
  path: '/sms',
  summary: 'Sends a text message to up to 100 phones; each has a result of its own',
  query: SmsQuery,
  body: SendSmsBody,
  responses: { 202: Type.Object({ value: Type.Array(SendResult) }) },
});
