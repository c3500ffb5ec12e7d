import type { EventFilter, EventSchema } from '@switchboard/contract';
import type { Log } from '../../lib/log.ts';
import type { Timer, Timers } from '../../lib/timers.ts';
import { eventErrors } from '../errors.ts';
import type { EventSource } from '../sources.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { SubscriptionService } from '../subscriptions/subscription-service.ts';
import { Listener } from './listener.ts';

/** Kind of destination of a subscription whose endpoint fetches its deliveries. Ours: Event Grid has none. */
export const LISTENER = 'Listener';

export interface ListenersOptions {
  readonly subscriptions: () => Pick<SubscriptionService, 'find' | 'install' | 'remove'>;
  readonly timers: Timers;
  readonly log: Log;
}

export interface ListenerWish {
  readonly source: EventSource;
  readonly name: string;
  readonly filter: EventFilter;
  readonly schema: EventSchema;
}

/** A listener that has gone without a word is ended after this time. */
const FORGOTTEN_AFTER_MS = 120_000;
const LOOK_EVERY_MS = 15_000;

/** The open listeners: event subscriptions whose endpoint fetches its deliveries. */
export class Listeners {
  readonly #options: ListenersOptions;
  /** By subscription id. */
  readonly #open = new Map<string, Listener>();
  readonly #sweep: Timer;

  constructor(options: ListenersOptions) {
    this.#options = options;
    this.#sweep = options.timers.every(LOOK_EVERY_MS, () => void this.#endForgotten());
  }

  /** The endpoint of a listener's subscription. */
  endpointOf(subscription: Subscription): Listener {
    this.#open.get(subscription.id)?.close();
    const listener = new Listener(subscription, this.#options.timers);
    this.#open.set(subscription.id, listener);
    return listener;
  }

  /**
   * Opens a listener; one of the same name and wish goes on, any other of the name is replaced.
   *
   * @throws ApiError 409 when the name is another subscription's, or of a listener that somebody asks just now
   */
  async open({ source, name, filter, schema }: ListenerWish): Promise<void> {
    const subscriptions = this.#options.subscriptions();
    const other = subscriptions.find(source.id, name);
    if (other !== undefined && other.destination.endpointType !== LISTENER) throw eventErrors.nameTaken(name);
    const named = this.#named(name);
    const present = named?.subscription;
    const isSame =
      present?.sourceId === source.id && present.schema === schema && JSON.stringify(present.filter) === JSON.stringify(filter);
    if (isSame) return;
    if (named?.isAsked === true) throw eventErrors.listenerTaken(name);
    if (present !== undefined) await this.#end(present);
    await subscriptions.install(source, name, { destination: { endpointType: LISTENER }, filter, eventDeliverySchema: schema });
  }

  /** @throws ApiError 404 */
  get(name: string): Listener {
    const found = this.#named(name);
    if (found === undefined) throw eventErrors.unknownListener(name);
    return found;
  }

  #named(name: string): Listener | undefined {
    return [...this.#open.values()].find(({ subscription }) => subscription.name.toLowerCase() === name.toLowerCase());
  }

  /** @throws ApiError 404 */
  async end(name: string): Promise<void> {
    const { subscription } = this.get(name);
    await this.#end(subscription);
  }

  /** Forgets those whose subscription ended. */
  keep(subscriptions: readonly Subscription[]): void {
    const ids = new Set(subscriptions.map(({ id }) => id));
    for (const { subscription } of [...this.#open.values()]) if (!ids.has(subscription.id)) this.forget(subscription);
  }

  /** Its subscription ended. */
  forget({ id }: Subscription): void {
    this.#open.get(id)?.close();
    this.#open.delete(id);
  }

  close(): void {
    this.#sweep.cancel();
    for (const listener of this.#open.values()) listener.close();
  }

  async #endForgotten(): Promise<void> {
    for (const { silentMs, subscription } of [...this.#open.values()]) {
      if (silentMs < FORGOTTEN_AFTER_MS) continue;
      try {
        await this.#end(subscription);
      } catch (error) {
        this.#options.log.warn({ err: error, listener: subscription.name }, 'a listener that nobody asks any more could not be ended');
      }
    }
  }

  async #end({ sourceId, name }: Subscription): Promise<void> {
    await this.#options.subscriptions().remove(sourceId, name);
  }
}
