import type { SendSmsBody } from '@switchboard/contract';
import type { Limits } from '../../limits/index.ts';
import { smsErrors } from '../errors.ts';

/** A recipient as the client wrote it. */
export interface Recipient {
  readonly to: string;
  readonly requestId: string | undefined;
  readonly firstSent: string | undefined;
}

/** A request to send, whichever of its two forms it came in. */
export interface SendRequest {
  readonly from: string;
  readonly text: string;
  readonly recipients: readonly Recipient[];
  readonly wantsReport: boolean;
  readonly tag: string | undefined;
  readonly reportTimeoutMs: number;
}

/** Azure's longest; nothing is said of what holds where none is asked for. */
const DEFAULT_TIMEOUT_SECONDS = 43_200;

/**
 * Reads the SDKs' form (`smsRecipients`, `smsSendOptions`) and the short one (`to`, options beside it).
 *
 * @throws ApiError 400 naming the field
 */
export function readSendRequest(body: SendSmsBody, limits: Limits): SendRequest {
  const recipients = recipientsOf(body);
  if (recipients.length === 0) throw smsErrors.noRecipients();
  limits.atMost('sms.recipients-per-request', recipients.length, body.smsRecipients ? 'smsRecipients' : 'to');
  limits.atMost('sms.message-characters', body.message.length, 'message');
  return { from: body.from, text: body.message, recipients, ...reportingOf(body, limits) };
}

function reportingOf(
  { smsSendOptions, ...body }: SendSmsBody,
  limits: Limits,
): Pick<SendRequest, 'wantsReport' | 'tag' | 'reportTimeoutMs'> {
  if (smsSendOptions?.messagingConnect) throw smsErrors.messagingConnect();
  const { enableDeliveryReport, tag, deliveryReportTimeoutInSeconds } = smsSendOptions ?? body;
  if (tag) limits.atMost('sms.tag-characters', tag.length, smsSendOptions ? 'smsSendOptions.tag' : 'tag');
  return {
    wantsReport: enableDeliveryReport ?? false,
    tag: tag ?? undefined,
    reportTimeoutMs: (deliveryReportTimeoutInSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000,
  };
}

function recipientsOf({ smsRecipients, to }: SendSmsBody): readonly Recipient[] {
  if (smsRecipients) {
    if (to !== undefined && to !== null) throw smsErrors.twoLists();
    return smsRecipients.map((recipient) => ({
      to: recipient.to,
      requestId: recipient.repeatabilityRequestId ?? undefined,
      firstSent: recipient.repeatabilityFirstSent ?? undefined,
    }));
  }
  return [to ?? []].flat().map((number) => ({ to: number, requestId: undefined, firstSent: undefined }));
}
