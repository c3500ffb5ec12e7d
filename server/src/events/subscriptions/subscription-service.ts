import type { EventDestination, EventFilter, EventSchema, EventSubscriptionDefinition } from '@switchboard/contract';
import type { HttpClient } from '../../egress/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { Serial } from '../../lib/serial.ts';
import type { Storage, Transaction } from '../../storage/index.ts';
import { eventErrors } from '../errors.ts';
import type { EventSource } from '../sources.ts';
import { checkDefinition, type CheckedDefinition, checkName, checkRest } from './definition.ts';
import { askForConsent } from './handshake.ts';
import type { Subscription } from './subscription.ts';
import { SubscriptionStore } from './subscription-store.ts';

export interface SubscriptionServiceOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly client: HttpClient;
  /** Called with all subscriptions whenever one has changed. */
  readonly onChanged: (subscriptions: readonly Subscription[]) => void;
}

/** Kind of the due work that removes what waited for a subscription that ended; its payload names the subscription. */
export const PURGE_SUBSCRIPTION = 'events/purge-subscription';

/** Event subscriptions: made after a handshake, changed, ended. All are held in memory; their number is limited. */
export class SubscriptionService {
  readonly #options: SubscriptionServiceOptions;
  readonly #store: SubscriptionStore;
  /** Changes read what they change, so they follow one another; handshakes do not. */
  readonly #changes = new Serial();
  #all: readonly Subscription[] = [];

  constructor(options: SubscriptionServiceOptions) {
    this.#options = options;
    this.#store = new SubscriptionStore(options.storage.keys);
  }

  /** Reads what is stored, at a start and after it was replaced. */
  async load(): Promise<void> {
    this.#set(await this.#store.all(this.#options.storage.read));
  }

  /** Those of one source, or all; by name. */
  list(sourceId?: string): Subscription[] {
    const found = sourceId === undefined ? [...this.#all] : this.#all.filter((one) => one.sourceId === sourceId);
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws ApiError 404 */
  get(sourceId: string, name: string): Subscription {
    const found = this.find(sourceId, name);
    if (found === undefined) throw eventErrors.unknownSubscription(name);
    return found;
  }

  find(sourceId: string, name: string): Subscription | undefined {
    const key = name.toLowerCase();
    return this.#all.find((one) => one.sourceId === sourceId && one.name.toLowerCase() === key);
  }

  /** Subscribes after the handshake; nothing is stored when that fails. @throws ApiError 400, 409 */
  async create(source: EventSource, name: string, wanted: EventSubscriptionDefinition): Promise<Subscription> {
    checkName(name);
    const definition = checkDefinition(wanted);
    if (this.find(source.id, name) !== undefined) throw eventErrors.nameTaken(name);
    const { clock, ids, client } = this.#options;
    const answer = await askForConsent(client, {
      url: new URL(definition.destination.properties?.endpointUrl ?? ''),
      topic: source.topic,
      subscription: name,
      eventId: ids.uuid('event'),
      code: ids.uuid('event'),
      atMs: clock.now(),
    });
    if (answer.kind === 'refusal') throw eventErrors.handshakeFailed(answer.reason);
    return this.#add(source, name, definition);
  }

  #add(source: EventSource, name: string, definition: CheckedDefinition): Promise<Subscription> {
    const { clock, ids } = this.#options;
    return this.#changes.run(async () => {
      if (this.find(source.id, name) !== undefined) throw eventErrors.nameTaken(name);
      const created: Subscription = {
        ...definition,
        id: ids.uuid('event'),
        sourceId: source.id,
        name,
        createdAtMs: clock.now(),
        state: 'Succeeded',
      };
      await this.#options.storage.write((tx) => this.#store.put(tx, created));
      this.#set([...this.#all, created]);
      return created;
    });
  }

  /** Makes a subscription without a handshake: its endpoint has asked for it. @throws ApiError 400, 409 */
  install(
    source: EventSource,
    name: string,
    wanted: { readonly destination: EventDestination; readonly filter: EventFilter; readonly eventDeliverySchema: EventSchema },
  ): Promise<Subscription> {
    const { destination, ...rest } = wanted;
    return this.#add(source, checkName(name), { ...checkRest(rest), destination });
  }

  /** Ends a subscription; what waits for delivery goes with it. @throws ApiError 404 */
  async remove(sourceId: string, name: string): Promise<void> {
    await this.#changes.run(async () => {
      const ended = this.get(sourceId, name);
      await this.#options.storage.write((tx) => this.#removeIn(tx, ended));
      this.#set(this.#all.filter((one) => one !== ended));
    });
  }

  async #removeIn(tx: Transaction, { id }: Subscription): Promise<void> {
    const { storage, clock } = this.#options;
    await this.#store.remove(tx, id);
    await storage.due.schedule(tx, { kind: PURGE_SUBSCRIPTION, dueAtMs: clock.now(), payload: { subscriptionId: id } });
  }

  #set(subscriptions: readonly Subscription[]): void {
    this.#all = subscriptions;
    this.#options.onChanged(subscriptions);
  }
}
