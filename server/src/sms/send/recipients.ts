/** Azure's words for it, which its own client tests compare. */
const BAD_NUMBER = 'Invalid To phone number format.';
const BAD_FIRST_SENT = 'Request sent with Invalid DateTime value for repeatability-first-sent. Expected is DateTime ,RFC1123 pattern.';

/** A plus sign, a country code, fifteen digits at most (ITU-T E.164); numbers of the North American plan have ten behind the code. */
const E164 = /^\+(?:1\d{10}|[2-9]\d{6,14})$/;

/** Why nothing can be sent to a recipient, as the entry for it says; undefined when something can. */
export function refusalOf(to: string, emergencyNumberOf: (text: string) => string | undefined): string | undefined {
  const emergency = emergencyNumberOf(to);
  if (emergency !== undefined)
    return `${emergency} is an emergency number. Text messages to emergency services are not supported; a certified provider is needed.`;
  return E164.test(to) ? undefined : BAD_NUMBER;
}

const RFC_1123 = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Why a recipient's repeatability fields are no good; an id needs the time at which it was first sent. */
export function repeatabilityRefusalOf({
  requestId,
  firstSent,
}: {
  readonly requestId: string | undefined;
  readonly firstSent: string | undefined;
}) {
  if (requestId === undefined) return undefined;
  return firstSent !== undefined && RFC_1123.test(firstSent) && !Number.isNaN(Date.parse(firstSent)) ? undefined : BAD_FIRST_SENT;
}
