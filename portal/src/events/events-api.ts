import type {
  AdminEventSubscription,
  EventGridEvent,
  EventSchema,
  FaultRule,
  FaultRuleInForce,
  ListedEventType,
  LoggedEvent,
} from '@switchboard/contract';
import type { AdminApi } from '../admin-api.ts';

export type { EventGridEvent, EventSchema, FaultRule, FaultRuleInForce, ListedEventType, LoggedEvent };
export type EventSubscription = AdminEventSubscription;
export type Delivery = LoggedEvent['deliveries'][number];
export type Attempt = Delivery['attempts'][number];

export interface EventList {
  /** Newest first. */
  readonly value: readonly LoggedEvent[];
  /** Of the log: another one after each change. */
  readonly revision: number;
}

/** A custom topic, and how to publish to it. */
export interface Topic {
  readonly name: string;
  readonly endpoint: string;
  readonly inputSchema: string;
  readonly key1: string;
}

export interface NewSubscription {
  readonly name: string;
  readonly endpointUrl: string;
  readonly source: string;
  readonly includedEventTypes: readonly string[];
  readonly schema: EventSchema;
}

export interface ReplayWish {
  /** Only this one; all who want the event when left out. */
  readonly subscription?: string;
  readonly subject?: string;
  readonly data?: unknown;
}

const SUBSCRIPTIONS = '/admin/events/subscriptions';
const RULES = '/admin/faults/rules';

/** The part of the admin API that is about events. */
export class EventsApi {
  readonly #api: AdminApi;

  constructor(api: AdminApi) {
    this.#api = api;
  }

  /** Names of what has events: resources, and custom topics. */
  async sources(signal: AbortSignal): Promise<{ readonly resources: readonly string[]; readonly topics: readonly string[] }> {
    type Names = { readonly value: readonly { readonly name: string }[] };
    const [resources, topics] = await Promise.all(
      ['/admin/resources', '/admin/events/topics'].map((path) => this.#api.call<Names>(path, { signal })),
    );
    return { resources: resources?.value.map(({ name }) => name) ?? [], topics: topics?.value.map(({ name }) => name) ?? [] };
  }

  events(query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<EventList> {
    return this.#api.call(`/admin/events?${new URLSearchParams(query).toString()}`, { signal });
  }

  /** @returns undefined when the log has it no more */
  async event(key: string, signal: AbortSignal): Promise<LoggedEvent | undefined> {
    return (await this.events({ id: key }, signal)).value[0];
  }

  replay(key: string, wish: ReplayWish): Promise<{ readonly event: EventGridEvent; readonly queued: number }> {
    return this.#send(`/admin/events/${encodeURIComponent(key)}:replay`, wish);
  }

  async types(source: string, signal: AbortSignal): Promise<readonly ListedEventType[]> {
    const query = new URLSearchParams({ source });
    return (await this.#api.call<{ readonly value: readonly ListedEventType[] }>(`/admin/events/types?${query.toString()}`, { signal }))
      .value;
  }

  trigger(wish: {
    readonly type: string;
    readonly source: string;
    readonly subject?: string;
    readonly data?: object;
  }): Promise<{ readonly value: readonly EventGridEvent[] }> {
    return this.#send('/admin/events/trigger', wish);
  }

  topic(name: string, signal: AbortSignal): Promise<Topic> {
    return this.#api.call(`/admin/events/topics/${encodeURIComponent(name)}`, { signal });
  }

  /** Publishes an event of one's own, as an application would. */
  publish({ endpoint, key1, inputSchema }: Topic, event: object): Promise<void> {
    const contentType = inputSchema === 'CloudEventSchemaV1_0' ? 'application/cloudevents-batch+json' : 'application/json';
    return this.#api.call(`${new URL(endpoint).pathname}?api-version=2018-01-01`, {
      method: 'POST',
      headers: { 'Content-Type': contentType, 'aeg-sas-key': key1 },
      body: JSON.stringify([event]),
    });
  }

  async subscriptions(signal: AbortSignal): Promise<readonly EventSubscription[]> {
    return (await this.#api.call<{ readonly value: readonly EventSubscription[] }>(SUBSCRIPTIONS, { signal })).value;
  }

  subscribe(wish: NewSubscription): Promise<EventSubscription> {
    return this.#send(SUBSCRIPTIONS, {
      ...wish,
      includedEventTypes: wish.includedEventTypes.length === 0 ? null : wish.includedEventTypes,
    });
  }

  unsubscribe({ name, source }: Pick<EventSubscription, 'name' | 'source'>): Promise<void> {
    const query = new URLSearchParams({ source });
    return this.#api.call(`${SUBSCRIPTIONS}/${encodeURIComponent(name)}?${query.toString()}`, { method: 'DELETE' });
  }

  /** Fault rules for deliveries that may still strike. */
  async disturbances(signal?: AbortSignal): Promise<readonly FaultRuleInForce[]> {
    const { rules } = await this.#api.call<{ readonly rules: readonly FaultRuleInForce[] }>(RULES, signal ? { signal } : {});
    return rules.filter(({ delivery, state }) => delivery !== undefined && !state.spent);
  }

  disturb(rule: FaultRule): Promise<FaultRuleInForce> {
    return this.#send(RULES, rule);
  }

  calm(name: string): Promise<void> {
    return this.#api.call(`${RULES}/${encodeURIComponent(name)}`, { method: 'DELETE' });
  }

  #send<T>(path: string, body: object): Promise<T> {
    return this.#api.call<T>(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  }
}
