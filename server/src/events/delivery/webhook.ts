import { messageOf } from '../../lib/errors.ts';
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
  /** Gets a token that the webhook asks for; another one than one that it refused. */
  readonly tokenOf?: ((refused?: string) => Promise<string>) | undefined;
}

/** Delivers by POST to a URL. */
export class Webhook implements Endpoint {
  readonly isAzureResource: boolean;
  readonly #options: WebhookOptions;

  constructor(options: WebhookOptions) {
    this.isAzureResource = options.isAzureResource;
    this.#options = options;
  }

  async deliver(batch: readonly Delivery[]): Promise<AttemptResult> {
    const { tokenOf } = this.#options;
    if (tokenOf === undefined) return this.#post(batch, {});
    try {
      const token = await tokenOf();
      const result = await this.#post(batch, { authorization: `Bearer ${token}` });
      // A token may have been revoked before its end.
      if (result.outcome !== 'Unauthorized') return result;
      return await this.#post(batch, { authorization: `Bearer ${await tokenOf(token)}` });
    } catch (error) {
      return { outcome: 'Busy', detail: `no token for the webhook: ${messageOf(error)}` };
    }
  }

  #post(batch: readonly Delivery[], authorization: Readonly<Record<string, string>>): Promise<AttemptResult> {
    const { calls, url, subscription } = this.#options;
    const { headers, body } = notificationOf(subscription, batch);
    return calls.attempt({ method: 'POST', url, headers: { ...headers, ...authorization }, body });
  }

  close(): void {
    this.#options.calls.end();
  }
}
