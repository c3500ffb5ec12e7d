import type { EventDestination, EventSubscriptionDefinition } from '@switchboard/contract';
import { Serial } from '../../lib/serial.ts';
import type { Limits } from '../../limits/index.ts';
import type { Transaction } from '../../storage/index.ts';
import { eventErrors } from '../errors.ts';
import type { EventSource } from '../sources.ts';
import type { EndpointDirectory } from '../destinations/destinations.ts';
import { changedDefinition, checkDefinition, checkName, checkRest } from './definition.ts';
import { consentWayOf } from './handshake/consent.ts';
import { type HandshakeResult, Handshakes, type HandshakesOptions, isSameKey } from './handshake/handshakes.ts';
import { agreed, awaiting, begun, refused, settled, type Wanted } from './provisioning.ts';
import { type Subscription, type SubscriptionDefinition, wantedOf } from './subscription.ts';
import { type Named, SUBSCRIPTION_OVER, SubscriptionShelf, type SubscriptionShelfOptions, VALIDATION_OVER } from './subscription-shelf.ts';

export interface SubscriptionServiceOptions extends HandshakesOptions, SubscriptionShelfOptions {
  readonly ids: { uuid(kind: 'event'): string };
  readonly limits: Limits;
  readonly endpoints: EndpointDirectory;
}

const STORE_PAUSE_MS = 1_000;

/** What a part of the server installs: its destination is its own matter. */
export type Installed = Omit<EventSubscriptionDefinition, 'destination'> & { readonly destination: EventDestination };

/** What a call asks for, given what there is. */
type Wish = (current: Subscription | undefined) => Wanted;

/**
 * Event subscriptions: made and changed after a handshake, ended. All are held in memory; their number is limited.
 *
 * `create` and `update` answer after the handshake, and store nothing when the endpoint refuses. `begin` and `beginUpdate`
 * store what is wanted and answer at once, as the resource provider does: the state tells what comes of it.
 */
export class SubscriptionService {
  readonly #options: SubscriptionServiceOptions;
  readonly #shelf: SubscriptionShelf;
  readonly #handshakes: Handshakes;
  /** Changes read what they change, so they follow one another; handshakes do not. */
  readonly #changes = new Serial();
  #isClosed = false;

  constructor(options: SubscriptionServiceOptions) {
    this.#options = options;
    this.#shelf = new SubscriptionShelf(options);
    this.#handshakes = new Handshakes(options);
    const { due } = options.storage;
    due.handle(VALIDATION_OVER, ({ payload }) => this.#validationIsOver((payload as Named).subscriptionId));
    due.handle(SUBSCRIPTION_OVER, ({ payload }) => this.#isOver((payload as Named).subscriptionId));
  }

  /** Reads what is stored, at a start and after it was replaced. Handshakes that were cut short are made again. */
  async load(): Promise<void> {
    for (const stored of await this.#shelf.load())
      if (stored.state === 'Creating' || stored.state === 'Updating') void this.#shakeHands(stored);
  }

  /** Those of one source, or all; by name. */
  list(sourceId?: string): Subscription[] {
    // What is to follow the end of a source comes a turn of the event loop later.
    return this.#shelf.list.list(sourceId).filter((one) => this.#options.sources.byId(one.sourceId) !== undefined);
  }

  /** @throws ApiError 404 */
  get(sourceId: string, name: string): Subscription {
    const found = this.find(sourceId, name);
    if (found === undefined) throw eventErrors.unknownSubscription(name);
    return found;
  }

  find(sourceId: string, name: string): Subscription | undefined {
    return this.#shelf.list.byName(sourceId, name);
  }

  byId(id: string): Subscription | undefined {
    return this.#shelf.list.byId(id);
  }

  /** Makes a subscription after its handshake. @throws ApiError 400 when the endpoint refuses too, 409 */
  create(source: EventSource, name: string, definition: EventSubscriptionDefinition): Promise<Subscription> {
    return this.#afterHandshake(source, name, (current) => {
      if (current !== undefined) throw eventErrors.nameTaken(name);
      return this.#wanted(source, name, { definition });
    });
  }

  /** Changes what is given and leaves the rest. @throws ApiError 400 when the endpoint refuses too, 404, 409 */
  update(source: EventSource, name: string, change: EventSubscriptionDefinition): Promise<Subscription> {
    return this.#afterHandshake(source, name, (current) => this.#changed(source, name, { current, change }));
  }

  /** Makes a subscription, or replaces what one says; the handshake comes after the answer. @throws ApiError 400 */
  begin(source: EventSource, name: string, definition: EventSubscriptionDefinition): Promise<Subscription> {
    return this.#beforeHandshake(source, name, (current) => this.#wanted(source, name, { definition, current }));
  }

  /** Changes what is given and leaves the rest; a handshake comes after the answer. @throws ApiError 400, 404 */
  beginUpdate(source: EventSource, name: string, change: EventSubscriptionDefinition): Promise<Subscription> {
    return this.#beforeHandshake(source, name, (current) => this.#changed(source, name, { current, change }));
  }

  /** Makes a subscription without a handshake: its endpoint has asked for it. @throws ApiError 400, 409 */
  install(source: EventSource, name: string, { destination, ...rest }: Installed): Promise<Subscription> {
    return this.#beforeHandshake(source, name, (current) => {
      if (current !== undefined) throw eventErrors.nameTaken(name);
      const context = { source, endpoints: this.#options.endpoints, nowMs: this.#options.clock.now() };
      return this.#new(source, name, { ...checkRest(rest, context), destination });
    });
  }

  /** Ends a subscription; what waits for delivery goes with it. @throws ApiError 404 */
  remove(sourceId: string, name: string): Promise<void> {
    return this.#changes.run(() => this.#shelf.end(this.get(sourceId, name)));
  }

  /** Ends the subscriptions of a source in the transaction that ends the source. */
  removeAllOf(tx: Transaction, sourceId: string): Promise<void> {
    return this.#shelf.endAllOf(tx, sourceId);
  }

  /** Somebody opened a validation URL: the endpoint agrees. @throws ApiError 404 */
  async confirm(id: string, key: string, ratePerMinute?: number): Promise<void> {
    if (this.#handshakes.confirm(id, key, ratePerMinute)) return;
    await this.#changes.run(async () => {
      const current = this.#shelf.list.byId(id);
      const { manual } = current ?? {};
      if (current === undefined || manual === undefined || !isSameKey(manual.key, key)) throw eventErrors.unknownValidation();
      if (manual.untilMs <= this.#options.clock.now()) throw eventErrors.unknownValidation();
      await this.#shelf.put(agreed(current, ratePerMinute));
    });
  }

  /** What comes of handshakes that still run is not stored: they are made again at the next start. */
  close(): void {
    this.#isClosed = true;
  }

  async #afterHandshake(source: EventSource, name: string, wish: Wish): Promise<Subscription> {
    checkName(name);
    const before = this.find(source.id, name);
    const wanted = wish(before);
    const result = wanted.asks ? await this.#ask(source, wanted) : undefined;
    if (result?.kind === 'refusal') throw eventErrors.handshakeFailed(result.reason);
    return this.#changes.run(async () => {
      // What was agreed to must be what is stored.
      const now = this.find(source.id, name);
      if (now !== before) throw before === undefined ? eventErrors.nameTaken(name) : eventErrors.changedMeanwhile(name);
      if (before === undefined) this.#checkCount(source);
      return this.#shelf.put(result === undefined ? settled(wanted) : this.#concluded(begun(wanted), result));
    });
  }

  #ask(source: EventSource, wanted: Wanted): Promise<HandshakeResult> {
    if (this.#handshakes.isFull) throw eventErrors.tooManyHandshakes();
    return this.#handshakes.ask({ source, subscription: { ...wanted.identity, ...wanted.definition } });
  }

  #beforeHandshake(source: EventSource, name: string, wish: Wish): Promise<Subscription> {
    checkName(name);
    return this.#changes.run(async () => {
      const wanted = wish(this.find(source.id, name));
      const next = await this.#shelf.put(wanted.asks ? begun(wanted) : settled(wanted));
      if (wanted.asks) void this.#shakeHands(next);
      return next;
    });
  }

  /** The handshake of a stored subscription. Its result counts only if nothing has changed the subscription meanwhile. */
  async #shakeHands(stored: Subscription): Promise<void> {
    const { sources, log, timers } = this.#options;
    const source = sources.byId(stored.sourceId);
    if (source === undefined || !this.#awaits(stored)) return;
    try {
      const result = await this.#handshakes.ask({ source, subscription: { ...stored, ...wantedOf(stored) } });
      await this.#changes.run(async () => {
        if (this.#awaits(stored)) await this.#shelf.put(this.#concluded(stored, result));
      });
    } catch (error) {
      if (this.#isClosed) return;
      // The database did not answer; the endpoint is asked once more.
      log.warn({ err: error, subscription: stored.name }, 'the result of a handshake could not be stored');
      timers.after(STORE_PAUSE_MS, () => void this.#shakeHands(stored));
    }
  }

  #awaits(stored: Subscription): boolean {
    return !this.#isClosed && this.#shelf.list.byId(stored.id) === stored;
  }

  #concluded(pending: Subscription, result: HandshakeResult): Subscription {
    switch (result.kind) {
      case 'consent':
        return agreed(pending, result.ratePerMinute);
      case 'later':
        return awaiting(pending, { ...result, nowMs: this.#options.clock.now() });
      case 'refusal':
        return refused(pending, result.reason);
    }
  }

  #validationIsOver(id: string): Promise<void> {
    return this.#changes.run(async () => {
      const current = this.#shelf.list.byId(id);
      if (current?.manual === undefined || current.manual.untilMs > this.#options.clock.now()) return;
      await this.#shelf.put(refused(current, 'its validation URL was not opened within 10 minutes'));
    });
  }

  #isOver(id: string): Promise<void> {
    return this.#changes.run(async () => {
      const current = this.#shelf.list.byId(id);
      if ((current?.expiresAtMs ?? Infinity) <= this.#options.clock.now()) await this.#shelf.end(current as Subscription);
    });
  }

  #wanted(
    source: EventSource,
    name: string,
    { definition, current }: { readonly definition: EventSubscriptionDefinition; readonly current?: Subscription | undefined },
  ): Wanted {
    const checked = checkDefinition(definition, { source, endpoints: this.#options.endpoints, nowMs: this.#options.clock.now() });
    if (current === undefined) return this.#new(source, name, checked);
    return { identity: current, current, definition: checked, asks: consentWayOf(checked) !== undefined };
  }

  #new(source: EventSource, name: string, definition: SubscriptionDefinition): Wanted {
    const { ids, clock } = this.#options;
    this.#checkCount(source);
    const identity = { id: ids.uuid('event'), sourceId: source.id, name, createdAtMs: clock.now() };
    return { identity, current: undefined, definition, asks: consentWayOf(definition) !== undefined };
  }

  #checkCount({ id }: EventSource): void {
    const count = this.#shelf.list.countOf(id) + 1;
    this.#options.limits.atMost('events.subscriptions-per-source', count, 'Event subscriptions of this source');
  }

  #changed(
    source: EventSource,
    name: string,
    { current, change }: { readonly current: Subscription | undefined; readonly change: EventSubscriptionDefinition },
  ): Wanted {
    if (current === undefined) throw eventErrors.unknownSubscription(name);
    const definition = changedDefinition(wantedOf(current), change, {
      source,
      endpoints: this.#options.endpoints,
      nowMs: this.#options.clock.now(),
    });
    const before = wantedOf(current);
    const isTouched = definition.destination !== before.destination || definition.schema !== before.schema;
    // Whoever changes what was never agreed to tries again.
    const asks = (isTouched || current.state !== 'Succeeded') && consentWayOf(definition) !== undefined;
    return { identity: current, current, definition, asks };
  }
}
