import { expect } from 'vitest';
import { EventReceiver } from '../../lib/event-receiver.ts';
import type { TestServer } from '../../lib/server.ts';
import { readAll, type World } from './world.ts';

const TYPE = 'Microsoft.Communication.ChatMessageReceivedInThread';

/** A webhook that hears of every message of a server, and counts how often. */
export class EventWitness implements AsyncDisposable {
  readonly #receiver: EventReceiver;
  /** By message. */
  readonly #heard = new Map<string, number>();
  #answering: Promise<void> | undefined;

  private constructor(receiver: EventReceiver) {
    this.#receiver = receiver;
    receiver.answer = ({ json }) => {
      const [event] = json as { readonly data: { readonly threadId: string; readonly messageId: string } }[];
      const message = nameOf(event!.data.threadId, event!.data.messageId);
      this.#heard.set(message, (this.#heard.get(message) ?? 0) + 1);
      receiver.deliveries.length = 0;
      return this.#answering;
    };
  }

  static async open(server: TestServer): Promise<EventWitness> {
    const receiver = await EventReceiver.open();
    const body = { name: 'witness', endpointUrl: receiver.url, includedEventTypes: [TYPE] };
    expect((await server.admin('POST', '/admin/events/subscriptions', body)).status).toBe(201);
    return new EventWitness(receiver);
  }

  /** Answers nothing until the function that this resolves with is called; attempts are under way by then. */
  async hang(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#answering = promise;
    const before = this.count;
    await this.#receiver.until(() => this.count > before);
    return () => {
      this.#answering = undefined;
      resolve();
    };
  }

  /** Events that came. */
  get count(): number {
    return [...this.#heard.values()].reduce((sum, times) => sum + times, 0);
  }

  /** Waits until nothing waits for delivery. @returns the messages without an event, the events without a message, and those that came again */
  async violations(
    server: TestServer,
    world: World,
  ): Promise<{ readonly missing: string[]; readonly unfounded: string[]; readonly repeated: string[] }> {
    await drained(server);
    const stored = new Set(
      (await readAll(server, world)).flatMap(({ threadId, messages }) =>
        messages.filter(({ type }) => type === 'text').map(({ id }) => nameOf(threadId, id)),
      ),
    );
    return {
      missing: [...stored].filter((message) => !this.#heard.has(message)),
      unfounded: [...this.#heard.keys()].filter((message) => !stored.has(message)),
      repeated: [...this.#heard].filter(([, times]) => times > 1).map(([message, times]) => `${message}: ${times} times`),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#receiver[Symbol.asyncDispose]();
  }
}

function nameOf(threadId: string, messageId: string): string {
  return `${threadId} ${messageId}`;
}

async function drained(server: TestServer): Promise<void> {
  for (;;) {
    const { body } = await server.admin<{ value: { waiting: number }[] }>('GET', '/admin/events/subscriptions');
    if (body.value.every(({ waiting }) => waiting === 0)) return;
  }
}
