import type { SendSmsResult } from '@switchboard/contract';
import type { NumberDirectory } from '../numbers.ts';
import type { Sender } from './senders.ts';

/** Azure's words for it, which its own client tests compare. */
const BAD_NUMBER = 'Invalid To phone number format.';
const BAD_FIRST_SENT = 'Request sent with Invalid DateTime value for repeatability-first-sent. Expected is DateTime ,RFC1123 pattern.';
const REFUSED = 400;

/** A plus sign, a country code, fifteen digits at most (ITU-T E.164); numbers of the North American plan have ten behind the code. */
const E164 = /^\+(?:1\d{10}|[2-9]\d{6,14})$/;
const SHORT_CODE = /^\d{3,8}$/;

/** Why nothing can be sent to a recipient, as the entry for it says; undefined when something can. */
export function refusalOf(to: string, sender: Sender, numbers: NumberDirectory): string | undefined {
  const emergency = numbers.emergencyNumberOf(to);
  if (emergency !== undefined)
    return `${emergency} is an emergency number. Text messages to emergency services are not supported; a certified provider is needed.`;
  if (sender.type === 'tollFree' && SHORT_CODE.test(to)) return `A toll-free number cannot send to a short code, such as ${to}.`;
  if (!isPhone(to)) return BAD_NUMBER;
  // Where what an operator has loaded reaches, its carrier knows.
  return sender.carrier === undefined ? numbers.textRefusalOf(sender, to) : undefined;
}

export function isPhone(text: string): boolean {
  return E164.test(text);
}

const RFC_1123 = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Why a recipient's repeatability fields are no good; an id needs the time at which it was first sent. */
export function repeatabilityRefusalOf(given: { readonly requestId: string | undefined; readonly firstSent: string | undefined }) {
  const { requestId, firstSent } = given;
  if (requestId === undefined) return undefined;
  return firstSent !== undefined && RFC_1123.test(firstSent) && !Number.isNaN(Date.parse(firstSent)) ? undefined : BAD_FIRST_SENT;
}

export function refused(to: string, errorMessage: string, repeatabilityResult: 'rejected' | undefined): SendSmsResult {
  return { to, httpStatusCode: REFUSED, ...(repeatabilityResult && { repeatabilityResult }), errorMessage, successful: false };
}
