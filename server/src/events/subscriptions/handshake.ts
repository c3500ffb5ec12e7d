import { CallFailure, type HttpClient } from '../../egress/index.ts';
import { eventGridEnvelope } from '../delivery/envelopes.ts';

export interface HandshakeQuestion {
  readonly url: URL;
  /** ARM id of the source. */
  readonly topic: string;
  readonly subscription: string;
  readonly eventId: string;
  readonly code: string;
  readonly atMs: number;
}

export type HandshakeResult = { readonly kind: 'consent' } | { readonly kind: 'refusal'; readonly reason: string };

const ANSWER_TIMEOUT_MS = 30_000;
const VALIDATION_EVENT = 'Microsoft.EventGrid.SubscriptionValidationEvent';

/** Asks a webhook whether it wants events (wire/event-grid.md 4, "Handshakes"): it proves that it reads what is sent. */
export async function askForConsent(client: HttpClient, question: HandshakeQuestion): Promise<HandshakeResult> {
  const { url, topic, subscription, eventId: id, code, atMs } = question;
  const data = { validationCode: code };
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
    const { status, body } = await client.send({
      method: 'POST',
      url,
      headers,
      body: JSON.stringify([event]),
      timeoutMs: ANSWER_TIMEOUT_MS,
    });
    if (status !== 200) return { kind: 'refusal', reason: `it answered ${status} instead of 200` };
    return codeIn(body) === code ? { kind: 'consent' } : { kind: 'refusal', reason: 'its answer does not hold the validation code' };
  } catch (error) {
    if (error instanceof CallFailure) return { kind: 'refusal', reason: error.message };
    throw error;
  }
}

function codeIn(body: Buffer): unknown {
  try {
    return (JSON.parse(body.toString('utf8')) as { readonly validationResponse?: unknown } | null)?.validationResponse;
  } catch {
    return undefined;
  }
}
