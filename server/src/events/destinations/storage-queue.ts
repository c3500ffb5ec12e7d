import type { AttemptResult, Delivery, Endpoint } from '../delivery/attempt.ts';
import { envelopeOf } from '../delivery/envelopes.ts';
import type { Calls } from '../delivery/calls.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { refusalOf, type StorageAccount } from './storage-account.ts';

export interface StorageQueueOptions {
  readonly calls: Calls;
  /** Real milliseconds since the epoch. */
  readonly realNow: () => number;
  readonly account: StorageAccount;
  readonly subscription: Subscription;
}

/** Of the queue service, after encoding. */
const MOST_MESSAGE_BYTES = 65_536;
const WEEK_SECONDS = 7 * 86_400;

/** Puts each event into a storage queue: a bare object, never an array, as base64 (wire/event-grid.md 5). */
export class StorageQueue implements Endpoint {
  readonly isAzureResource = true;
  readonly #options: StorageQueueOptions;

  constructor(options: StorageQueueOptions) {
    this.#options = options;
  }

  async deliver(batch: readonly Delivery[]): Promise<AttemptResult> {
    const { calls, realNow, account, subscription } = this.#options;
    const { queueName, queueMessageTimeToLiveInSeconds } = subscription.destination.properties ?? {};
    // Queues have no batches: there is one.
    const [{ event }] = batch as readonly [Delivery];
    const message = Buffer.from(JSON.stringify(envelopeOf(event, subscription.schema))).toString('base64');
    if (message.length > MOST_MESSAGE_BYTES)
      return { outcome: 'PayloadTooLarge', detail: `the message has ${message.length} bytes; a queue takes ${MOST_MESSAGE_BYTES}` };
    const request = account.request(
      {
        service: 'queue',
        method: 'POST',
        path: `/${queueName ?? ''}/messages`,
        query: { messagettl: String(queueMessageTimeToLiveInSeconds ?? WEEK_SECONDS) },
        headers: { 'content-type': 'application/xml' },
        body: `<?xml version="1.0" encoding="utf-8"?><QueueMessage><MessageText>${message}</MessageText></QueueMessage>`,
      },
      realNow(),
    );
    return calls.attempt(request, refusalOf);
  }

  close(): void {
    this.#options.calls.end();
  }
}
