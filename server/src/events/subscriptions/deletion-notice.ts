import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { type Random, uuid } from '../../lib/random.ts';
import { Turns } from '../../lib/turns.ts';
import { envelopeOf } from '../delivery/envelopes.ts';
import type { Senders } from '../destinations/destinations.ts';
import type { EventSource } from '../sources.ts';
import { consentWayOf } from './handshake/consent.ts';
import type { Subscription } from './subscription.ts';

export interface DeletionNoticesOptions {
  readonly senders: Senders;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly timeoutMs: number;
}

/** Sent at once, and waiting; more are left out: a resource may go with hundreds of subscriptions. */
const MOST_AT_ONCE = 16;
const MOST_WAITING = 1_000;
const DELETION_EVENT = 'Microsoft.EventGrid.SubscriptionDeletedEvent';

/** Tells endpoints once that their subscription ended (wire/event-grid.md 4, `aeg-event-type`); whether they hear it is theirs. */
export class DeletionNotices {
  readonly #options: DeletionNoticesOptions;
  readonly #turns = new Turns(MOST_AT_ONCE);

  constructor(options: DeletionNoticesOptions) {
    this.#options = options;
  }

  /** @param source what its events were about, known until it went */
  send(ended: Subscription, source: EventSource | undefined): void {
    const way = consentWayOf(ended);
    if (!ended.isLive || way === undefined || source === undefined || this.#turns.waiting >= MOST_WAITING) return;
    void this.#turns.run(() => this.#send(ended, { url: way.url, source }));
  }

  async #send(ended: Subscription, { url, source }: { readonly url: URL; readonly source: EventSource }): Promise<void> {
    const { senders, clock, random, log, timeoutMs } = this.#options;
    const data = { eventSubscriptionId: `${source.topic}/providers/Microsoft.EventGrid/eventSubscriptions/${ended.name}` };
    const event = { id: uuid(random), topic: source.topic, subject: '', data, type: DELETION_EVENT, dataVersion: '1', atMs: clock.now() };
    const isCloud = ended.schema === 'CloudEventSchemaV1_0';
    const envelope = envelopeOf(event, ended.schema);
    const headers = {
      'content-type': `application/${isCloud ? 'cloudevents+' : ''}json; charset=utf-8`,
      'aeg-event-type': 'SubscriptionDeletion',
      'aeg-subscription-name': ended.name.toUpperCase(),
      'aeg-delivery-count': '0',
      'aeg-metadata-version': isCloud ? '1.0' : '1',
    };
    try {
      await senders
        .senderTo(ended.destination)
        .send({ method: 'POST', url, headers, body: JSON.stringify(isCloud ? envelope : [envelope]), timeoutMs });
    } catch (error) {
      log.debug({ err: error, subscription: ended.name }, 'an endpoint could not be told that its subscription ended');
    }
  }
}
