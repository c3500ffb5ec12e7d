import { ApiError } from '../lib/errors.ts';

export const smsErrors = {
  notOwned: (from: string) =>
    new ApiError('Unauthorized', `The sender ${JSON.stringify(from)} does not belong to this resource.`, {
      target: 'from',
      explanation: {
        rule: 'sms.sender-not-owned',
        cure: 'Send from a number that GET /phoneNumbers lists for this resource, in the E.164 form; a resource has none until one is purchased.',
      },
    }),
  cannotSend: (from: string, can: string) =>
    new ApiError('BadRequest', `from ${from} cannot send text messages: its SMS capability is ${can}.`, {
      target: 'from',
      explanation: {
        rule: 'sms.sender-capability',
        cure: 'Send from a number with the SMS capability outbound or inbound+outbound. Not every number can have it; see the offerings of its country.',
      },
    }),
  noRecipients: () =>
    new ApiError('BadRequest', 'smsRecipients is required: at least one recipient, in "smsRecipients" or in "to".', {
      target: 'smsRecipients',
      explanation: { rule: 'sms.recipients-missing', cure: 'Name at least one recipient.' },
    }),
  twoLists: () =>
    new ApiError('BadRequest', 'smsRecipients and to are two forms of the same list; the request has both.', {
      target: 'smsRecipients',
      explanation: { rule: 'sms.recipients-twice', cure: 'Send one of the two.' },
    }),
  messagingConnect: () =>
    new ApiError('BadRequest', 'smsSendOptions.messagingConnect is not supported: messages go by the carriers of this server.', {
      target: 'smsSendOptions.messagingConnect',
      explanation: { rule: 'sms.messaging-connect', cure: 'Leave messagingConnect out.' },
    }),
  noCarrier: (from: string, carrier: string) =>
    new ApiError('ServiceUnavailable', `The carrier ${JSON.stringify(carrier)} that carries ${from} is not set up in this server.`, {
      target: 'from',
      explanation: { rule: 'sms.carrier-unknown', cure: 'Set the carrier up, or say that another carries the number.' },
    }),
  queueFull: (carrier: string, { size, most }: { readonly size: number; readonly most: number }) =>
    new ApiError('ServiceUnavailable', `${size} messages wait for the carrier ${carrier} already; no more than ${most} may.`, {
      target: 'from',
      retryAfterSeconds: 10,
      explanation: {
        rule: 'sms.queue-full',
        cure: 'The carrier takes fewer messages than are sent, or none; the log says why. Nothing of this request was sent: send it again later.',
      },
    }),
  badSince: () =>
    new ApiError('BadRequest', 'since must be a time such as 2026-01-31T10:00:00Z, or the id of a message.', {
      target: 'since',
      explanation: { rule: 'sms.since', cure: 'Give a time of RFC 3339, or a messageId of an answer before.' },
    }),
  noPhone: (target: string) =>
    new ApiError(
      'BadRequest',
      `${target} must be a phone number in the E.164 form, a short code, or a name of at most 11 letters and digits.`,
      {
        target,
        explanation: { rule: 'sms.phone', cure: 'Use a number such as +14255550123; it need not exist.' },
      },
    ),
  nobodysNumber: (to: string) =>
    new ApiError('NotFound', `No resource that is meant has the number ${JSON.stringify(to.slice(0, 64))}.`, {
      target: 'to',
      explanation: {
        rule: 'sms.number-unknown',
        cure: 'Text a number that GET /phoneNumbers lists; a resource has none until one is purchased.',
      },
    }),
  noReport: (id: string) =>
    new ApiError('NotFound', `There is no delivery report of a message ${JSON.stringify(id.slice(0, 100))} in this resource.`, {
      target: 'outgoingMessageId',
      explanation: {
        rule: 'sms.report-unknown',
        cure: 'Ask with the messageId that sending returned. A message has a report when its carrier has told what became of it, or its time is over.',
      },
    }),
};
