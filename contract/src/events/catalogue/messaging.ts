import { Type } from 'typebox';
import { type EventType, eventType } from './event-type.ts';
import { flag, number, optional, text, time } from './shapes.ts';

const SmsReceived = Type.Object({
  messageId: text,
  /** Digits without a plus sign. */
  from: text,
  to: text,
  message: text,
  receivedTimestamp: optional(time),
  segmentCount: number,
});
const SmsReport = Type.Object({
  messageId: text,
  from: text,
  /** With a plus sign. */
  to: text,
  deliveryStatus: text,
  deliveryStatusDetails: text,
  deliveryAttempts: Type.Array(Type.Object({ timestamp: time, segmentsSucceeded: number, segmentsFailed: number })),
  receivedTimestamp: optional(time),
  tag: optional(text),
});

/** The published definitions write `TimeStamp`, the JavaScript client reads `Timestamp`: both are there. */
const EmailReport = Type.Object({
  sender: text,
  recipient: text,
  internetMessageId: text,
  messageId: optional(text),
  status: optional(text),
  deliveryStatusDetails: optional(Type.Object({ recipientMailServerHostName: text, statusMessage: text })),
  deliveryAttemptTimeStamp: optional(time),
  deliveryAttemptTimestamp: optional(time),
});
const EmailEngagement = Type.Object({
  sender: text,
  recipient: text,
  messageId: text,
  userActionTimeStamp: optional(time),
  userActionTimestamp: time,
  engagementContext: text,
  userAgent: text,
  engagementType: text,
});

const channel = {
  from: text,
  to: text,
  receivedTimestamp: optional(time),
  error: optional(Type.Object({ channelCode: text, channelMessage: text })),
};
const Interactive = Type.Object({
  type: text,
  buttonReply: optional(Type.Object({ id: text, title: text })),
  listReply: optional(Type.Object({ id: text, title: text, description: text })),
});
const AdvancedMessage = Type.Object({
  ...channel,
  content: optional(text),
  messageId: optional(text),
  channelType: optional(text),
  messageType: text,
  media: optional(Type.Object({ mimeType: text, id: text, fileName: optional(text), caption: optional(text), animated: optional(flag) })),
  reaction: optional(Type.Object({ messageId: text, emoji: optional(text) })),
  context: optional(Type.Object({ from: text, id: text })),
  button: optional(Type.Object({ text, payload: text })),
  interactive: optional(Interactive),
});

/** Events of SMS, email and messaging channels. */
export const MESSAGING_EVENTS: readonly EventType[] = [
  eventType({
    name: 'SMSReceived',
    description: 'A text message came to a number of the resource.',
    subject: '/phonenumber/{to}',
    isEmitted: true,
    data: SmsReceived,
  }),
  eventType({
    name: 'SMSDeliveryReportReceived',
    description: 'A carrier reported what became of a text message.',
    subject: '/phonenumber/{from}',
    isEmitted: true,
    data: SmsReport,
  }),
  eventType({
    name: 'EmailDeliveryReportReceived',
    description: 'A mail server took an email, or did not.',
    subject: 'sender/{sender}/message/{messageId}',
    data: EmailReport,
  }),
  eventType({
    name: 'EmailEngagementTrackingReportReceived',
    description: 'Somebody opened an email, or followed a link in it.',
    subject: 'sender/{sender}/message/{messageId}',
    data: EmailEngagement,
  }),
  eventType({
    name: 'AdvancedMessageReceived',
    description: 'A message came by a messaging channel, such as WhatsApp.',
    subject: 'advancedMessage/sender/{from}/recipient/{to}',
    data: AdvancedMessage,
  }),
  eventType({
    name: 'AdvancedMessageDeliveryStatusUpdated',
    description: 'A message on a messaging channel was delivered, read, or failed.',
    subject: 'advancedMessage/{messageId}/status/{status}',
    data: Type.Object({ ...channel, messageId: text, status: text, channelType: text }),
  }),
];
