import { CallFailure, type FailureReason, type HttpAnswer, type HttpClient } from '../../egress/index.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { AttemptResult, Delivery, Endpoint, Outcome } from './attempt.ts';
import { DETAIL_CHARACTERS, notificationOf, resultOf } from './notification.ts';

const FAILURES: Readonly<Record<FailureReason, Outcome>> = {
  timedOut: 'TimedOut',
  unresolved: 'ResolutionError',
  refused: 'Forbidden',
  socket: 'SocketError',
  abandoned: 'Aborted',
};

/** Delivers by POST to the URL of a webhook. */
export class Webhook implements Endpoint {
  readonly #client: HttpClient;
  readonly #timeoutMs: number;
  readonly #subscription: Subscription;
  readonly #url: URL;

  constructor(options: { readonly client: HttpClient; readonly timeoutMs: number; readonly subscription: Subscription }) {
    const { client, timeoutMs, subscription } = options;
    this.#client = client;
    this.#timeoutMs = timeoutMs;
    this.#subscription = subscription;
    this.#url = new URL(subscription.destination.properties?.endpointUrl ?? '');
  }

  async deliver(batch: readonly Delivery[]): Promise<AttemptResult> {
    const { headers, body } = notificationOf(this.#subscription, batch);
    try {
      const answer = await this.#client.send({ method: 'POST', url: this.#url, headers, body, timeoutMs: this.#timeoutMs });
      return resultOf({ status: answer.status, text: textOf(answer) });
    } catch (error) {
      if (error instanceof CallFailure) return { outcome: FAILURES[error.reason], detail: error.message };
      throw error;
    }
  }
}

function textOf({ status, headers, body }: HttpAnswer): string {
  if (status >= 300 && status < 400) return `redirected to ${String(headers.location)}; redirects are not followed`;
  // Characters have up to four bytes.
  return body.toString('utf8', 0, 4 * DETAIL_CHARACTERS);
}
