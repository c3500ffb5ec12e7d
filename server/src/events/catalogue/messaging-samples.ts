import { isoAt, type Sample, type SampleContext } from './sample.ts';

// Numbers that the numbering plan keeps for examples.
const OURS = '14255550100';
const THEIRS = '14255550123';

function email(context: SampleContext) {
  return { sender: 'donotreply@contoso.com', recipient: 'ann@example.com', messageId: context.uuid() };
}

function channel(context: SampleContext) {
  return { from: THEIRS, to: context.uuid(), channelType: 'whatsapp', receivedTimestamp: isoAt(context), messageId: context.uuid() };
}

export const MESSAGING_SAMPLES: Readonly<Record<string, Sample>> = {
  SMSReceived: (context) => ({
    messageId: `Incoming_${context.uuid()}`,
    from: THEIRS,
    to: OURS,
    message: 'Hello from a phone',
    receivedTimestamp: isoAt(context),
    segmentCount: 1,
  }),
  SMSDeliveryReportReceived: (context) => ({
    messageId: `Outgoing_${context.uuid()}`,
    from: OURS,
    to: `+${THEIRS}`,
    deliveryStatus: 'Delivered',
    deliveryStatusDetails: 'No error.',
    deliveryAttempts: [{ timestamp: isoAt(context, -1_000), segmentsSucceeded: 1, segmentsFailed: 0 }],
    receivedTimestamp: isoAt(context),
    tag: 'sample',
  }),
  EmailDeliveryReportReceived: (context) => ({
    ...email(context),
    internetMessageId: `<${context.uuid()}@contoso.com>`,
    status: 'Delivered',
    deliveryStatusDetails: { statusMessage: 'No error.', recipientMailServerHostName: 'mail.example.com' },
    deliveryAttemptTimeStamp: isoAt(context),
    deliveryAttemptTimestamp: isoAt(context),
  }),
  EmailEngagementTrackingReportReceived: (context) => ({
    ...email(context),
    userActionTimeStamp: isoAt(context),
    userActionTimestamp: isoAt(context),
    engagementContext: 'https://www.contoso.com/offer',
    userAgent: 'Mozilla/5.0',
    engagementType: 'click',
  }),
  AdvancedMessageReceived: (context) => ({ ...channel(context), content: 'Hello from a messaging channel', messageType: 'text' }),
  AdvancedMessageDeliveryStatusUpdated: (context) => ({ ...channel(context), from: context.uuid(), to: THEIRS, status: 'delivered' }),
};
