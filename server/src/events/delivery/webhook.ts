import type { Subscription } from '../subscriptions/subscription.ts';
import type { AttemptResult, Delivery, Endpoint } from './attempt.ts';
import type { Calls } from './calls.ts';
import { notificationOf } from './notification.ts';

export interface WebhookOptions {
  readonly calls: Calls;
  readonly url: URL;
  readonly subscription: Subscription;
  /** A function is called like a webhook, but is a resource of Azure. */
  readonly isAzureResource: boolean;
}

/** Delivers by POST to a URL. */
export class Webhook implements Endpoint {
  readonly isAzureResource: boolean;
  readonly #options: WebhookOptions;

  constructor(options: WebhookOptions) {
    this.isAzureResource = options.isAzureResource;
    this.#options = options;
  }

  deliver(batch: readonly Delivery[]): Promise<AttemptResult> {
    const { calls, url, subscription } = this.#options;
    return calls.attempt({ method: 'POST', url, ...notificationOf(subscription, batch) });
  }

  close(): void {
    this.#options.calls.end();
  }
}
