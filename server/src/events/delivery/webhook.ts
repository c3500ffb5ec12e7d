import { CallFailure, type HttpAnswer, type HttpClient } from '../../egress/index.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { AttemptResult, Delivery, Endpoint, Outcome } from './attempt.ts';
import { cloudEventEnvelope, eventGridEnvelope } from './envelopes.ts';

/** How long an endpoint may take to answer (wire/event-grid.md 4). */
const ANSWER_TIMEOUT_MS = 30_000;
/** What is remembered of an answer. */
const DETAIL_CHARACTERS = 1_000;

const OUTCOMES: Readonly<Record<number, Outcome>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'TimedOut',
  413: 'PayloadTooLarge',
};
const FAILURES: Readonly<Record<CallFailure['reason'], Outcome>> = {
  timedOut: 'TimedOut',
  unresolved: 'ResolutionError',
  refused: 'Forbidden',
  socket: 'SocketError',
};

/** Delivers by POST to the URL of a webhook. */
export class Webhook implements Endpoint {
  readonly #client: HttpClient;
  readonly #subscription: Subscription;
  readonly #url: URL;

  constructor(client: HttpClient, subscription: Subscription) {
    this.#client = client;
    this.#subscription = subscription;
    this.#url = new URL(subscription.destination.properties?.endpointUrl ?? '');
  }

  async deliver(batch: readonly Delivery[]): Promise<AttemptResult> {
    const { headers, body } = this.#write(batch);
    try {
      return resultOf(await this.#client.send({ method: 'POST', url: this.#url, headers, body, timeoutMs: ANSWER_TIMEOUT_MS }));
    } catch (error) {
      if (error instanceof CallFailure) return { outcome: FAILURES[error.reason], detail: error.message };
      throw error;
    }
  }

  #write(batch: readonly Delivery[]): { readonly headers: Record<string, string>; readonly body: string } {
    const isCloud = this.#subscription.schema === 'CloudEventSchemaV1_0';
    const first = batch[0] as Delivery;
    const headers = {
      'content-type': `application/${isCloud ? 'cloudevents+' : ''}json; charset=utf-8`,
      'aeg-event-type': 'Notification',
      'aeg-subscription-name': this.#subscription.name.toUpperCase(),
      'aeg-delivery-count': String(first.attempts),
      'aeg-metadata-version': isCloud ? '1.0' : '1',
      ...(isCloud ? {} : { 'aeg-data-version': first.event.dataVersion }),
    };
    const events = batch.map(({ event }) => (isCloud ? cloudEventEnvelope(event) : eventGridEnvelope(event)));
    return { headers, body: JSON.stringify(isCloud ? events[0] : events) };
  }
}

function resultOf({ status, headers, body }: HttpAnswer): AttemptResult {
  const text = body.toString('utf8', 0, 4 * DETAIL_CHARACTERS).slice(0, DETAIL_CHARACTERS);
  // Success is 200 to 204 (wire/event-grid.md 4).
  if (status >= 200 && status <= 204) return { outcome: 'Delivered', status, ...(text === '' ? {} : { detail: text }) };
  const detail = status >= 300 && status < 400 ? `redirected to ${String(headers.location)}; redirects are not followed` : text;
  return { outcome: OUTCOMES[status] ?? 'Busy', status, ...(detail === '' ? {} : { detail }) };
}
