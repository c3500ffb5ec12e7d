import type { ListenerDelivery } from '@switchboard/contract';
import { expect } from 'vitest';
import type { TestServer } from './server.ts';

export interface DeliveredEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The event as it was delivered. */
  readonly envelope: Readonly<Record<string, unknown>>;
}

export interface ListenerOptions {
  readonly types?: readonly string[];
  readonly schema?: 'EventGridSchema' | 'CloudEventSchemaV1_0';
}

let opened = 0;

/** Subscribes without an endpoint, and fetches what is delivered. */
export class EventListener implements AsyncDisposable {
  readonly events: DeliveredEvent[] = [];
  readonly #server: TestServer;
  readonly #path: string;

  private constructor(server: TestServer, path: string) {
    this.#server = server;
    this.#path = path;
  }

  static async open(server: TestServer, { types, schema }: ListenerOptions = {}): Promise<EventListener> {
    const path = `/admin/events/listeners/listener-${++opened}`;
    const { status } = await server.admin('PUT', path, {
      eventDeliverySchema: schema,
      filter: types === undefined ? undefined : { includedEventTypes: types },
    });
    expect(status).toBe(200);
    return new EventListener(server, path);
  }

  /** Fetches until there are so many events. */
  async until(count: number): Promise<readonly DeliveredEvent[]> {
    while (this.events.length < count) await this.#fetch();
    return this.events;
  }

  /** Fetches until there is an event of each of these types. */
  async untilTypes(types: readonly string[]): Promise<void> {
    while (!types.every((type) => this.events.some((event) => event.type === type))) await this.#fetch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.admin('DELETE', this.#path);
  }

  async #fetch(): Promise<void> {
    const { status, body } = await this.#server.admin<{ value: ListenerDelivery[] }>('GET', `${this.#path}/deliveries?wait=10s`);
    expect(status).toBe(200);
    for (const delivery of body.value) {
      this.events.push(...eventsIn(delivery.body));
      await this.#server.admin('POST', `${this.#path}/deliveries/${delivery.id}:answer`, { status: 200 });
    }
  }
}

/** The events of a delivery, in either schema. */
export function eventsIn(text: string): DeliveredEvent[] {
  const parsed = JSON.parse(text) as DeliveredEvent['envelope'] | DeliveredEvent['envelope'][];
  return [parsed].flat().map((envelope) => {
    const { id, eventType, type, subject, data } = envelope as Omit<DeliveredEvent, 'envelope'> & { readonly eventType?: string };
    return { id, type: eventType ?? type, subject, data, envelope };
  });
}
