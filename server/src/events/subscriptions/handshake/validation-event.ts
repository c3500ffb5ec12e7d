import { CallFailure, type Sender } from '../../../egress/index.ts';
import { eventGridEnvelope } from '../../delivery/envelopes.ts';
import type { ConsentAnswer } from './consent.ts';

export interface ValidationQuestion {
  readonly url: URL;
  /** ARM id of the source. */
  readonly topic: string;
  /** Name of the subscription. */
  readonly subscription: string;
  readonly eventId: string;
  readonly code: string;
  readonly validationUrl: string;
  readonly atMs: number;
  readonly timeoutMs: number;
}

const VALIDATION_EVENT = 'Microsoft.EventGrid.SubscriptionValidationEvent';

/** Asks by the validation event of Event Grid: the endpoint proves that it reads what is sent by repeating a code. */
export async function askByEvent(client: Sender, question: ValidationQuestion): Promise<ConsentAnswer> {
  const { url, topic, subscription, eventId: id, code, validationUrl, atMs, timeoutMs } = question;
  const data = { validationCode: code, validationUrl };
  const event = eventGridEnvelope({ id, topic, subject: '', data, type: VALIDATION_EVENT, dataVersion: '1', atMs });
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'aeg-event-type': 'SubscriptionValidation',
    'aeg-subscription-name': subscription.toUpperCase(),
    'aeg-delivery-count': '0',
    'aeg-data-version': '1',
    'aeg-metadata-version': '1',
  };
  try {
    const body = JSON.stringify([event]);
    const answer = await client.send({ method: 'POST', url, headers, body, timeoutMs });
    // 202 does not count, although it does for events.
    if (answer.status !== 200) return { kind: 'refusal', reason: `it answered ${answer.status} instead of 200`, isFinal: false };
    if (codeIn(answer.body) === code) return { kind: 'consent' };
    return { kind: 'later', reason: 'its answer does not hold the validation code; the validation URL that it was sent must be opened' };
  } catch (error) {
    return refusalOf(error);
  }
}

/** An endpoint that could not be asked. */
export function refusalOf(error: unknown): ConsentAnswer {
  if (!(error instanceof CallFailure)) throw error;
  return { kind: 'refusal', reason: error.message, isFinal: error.reason === 'refused' };
}

function codeIn(body: Buffer): unknown {
  try {
    return (JSON.parse(body.toString('utf8')) as { readonly validationResponse?: unknown } | null)?.validationResponse;
  } catch {
    return undefined;
  }
}
