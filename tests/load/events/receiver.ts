import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface SentEvent {
  readonly id?: string;
  readonly subject: string;
  readonly data: { readonly validationCode?: string };
}

/** A webhook that accepts everything and counts the events. */
export class Receiver {
  readonly url: string;
  count = 0;
  /** Called with the subject of each event. */
  onEvent: (subject: string) => void = () => undefined;
  readonly #close: () => void;
  #reached: { readonly count: number; readonly resolve: () => void } | undefined;

  private constructor(url: string, close: () => void) {
    this.url = url;
    this.#close = close;
  }

  static async open(): Promise<Receiver> {
    const server = createServer((request, response) => void receiver.#receive(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver: Receiver = new Receiver(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, () => {
      server.closeAllConnections();
      server.close();
    });
    return receiver;
  }

  /** Resolves when so many events have come since the last time. */
  async next(count: number): Promise<void> {
    const wanted = Promise.withResolvers<void>();
    this.#reached = { count, resolve: wanted.resolve };
    this.#look();
    await wanted.promise;
    this.count -= count;
  }

  close(): void {
    this.#close();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const events = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SentEvent[];
    if (request.headers['aeg-event-type'] === 'SubscriptionValidation') {
      response.end(JSON.stringify({ validationResponse: events[0]?.data.validationCode }));
      return;
    }
    response.end();
    for (const { subject } of events) this.onEvent(subject);
    this.count += events.length;
    this.#look();
  }

  #look(): void {
    if (this.#reached === undefined || this.count < this.#reached.count) return;
    this.#reached.resolve();
    this.#reached = undefined;
  }
}
