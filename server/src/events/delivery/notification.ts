import type { Subscription } from '../subscriptions/subscription.ts';
import type { AttemptResult, Delivery, Outcome } from './attempt.ts';
import { attributeHeaders } from './attribute-headers.ts';
import { isBatched } from './batch-limits.ts';
import { envelopeOf } from './envelopes.ts';

/** A delivery as it goes over the wire. */
export interface Notification {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an endpoint said. */
export interface EndpointAnswer {
  readonly status: number;
  /** Beginning of the answer; empty when there was none. */
  readonly text: string;
}

/** What is remembered of an answer. */
export const DETAIL_CHARACTERS = 1_000;

const OUTCOMES: Readonly<Record<number, Outcome>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'TimedOut',
  413: 'PayloadTooLarge',
};

/** Headers and body of a delivery (wire/event-grid.md 4). */
export function notificationOf(subscription: Subscription, batch: readonly Delivery[]): Notification {
  const { schema, name, destination } = subscription;
  const isCloud = schema === 'CloudEventSchemaV1_0';
  // Event Grid events are always in an array.
  const isAlone = isCloud && !isBatched(subscription);
  const first = batch[0] as Delivery;
  const headers = {
    ...attributeHeaders(destination, first.event),
    'content-type': `application/${isCloud ? (isAlone ? 'cloudevents+' : 'cloudevents-batch+') : ''}json; charset=utf-8`,
    'aeg-event-type': 'Notification',
    'aeg-subscription-name': name.toUpperCase(),
    'aeg-delivery-count': String(first.attempts),
    'aeg-metadata-version': isCloud ? '1.0' : '1',
    ...(isCloud ? {} : { 'aeg-data-version': first.event.dataVersion }),
  };
  const events = batch.map(({ event }) => envelopeOf(event, schema));
  return { headers, body: JSON.stringify(isAlone ? events[0] : events) };
}

/** How an attempt ended that was answered. */
export function resultOf({ status, text }: EndpointAnswer): AttemptResult {
  // Success is 200 to 204 (wire/event-grid.md 4).
  const outcome = status >= 200 && status <= 204 ? 'Delivered' : (OUTCOMES[status] ?? 'Busy');
  const detail = text.slice(0, DETAIL_CHARACTERS);
  return { outcome, status, ...(detail === '' ? {} : { detail }) };
}
