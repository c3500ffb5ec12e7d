import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificates.ts';

/** One request that an endpoint got. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** What a body of JSON holds: an array of events, or one. */
  readonly json: unknown;
}

/** Answers a delivery; what it does not end by itself is answered with 200. */
export type Answering = (received: Received, response: ServerResponse) => void | Promise<void>;

/** A webhook of a test: passes the handshake, keeps what it gets, and answers as the test says. */
export class EventReceiver implements AsyncDisposable {
  readonly url: string;
  /** Deliveries, handshakes left out. */
  readonly deliveries: Received[] = [];
  readonly handshakes: Received[] = [];
  /** Opened so far, whatever came of them. */
  connections = 0;
  readonly #server: Server | SecureServer;
  readonly #waiting = new Set<() => void>();
  answer: Answering = () => undefined;
  /** Answers validation events and OPTIONS; by default it agrees. */
  consent: Answering = agree;

  private constructor(server: Server | SecureServer, host: string) {
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    this.url = `${server instanceof SecureServer ? 'https' : 'http'}://${host}:${port}/hook`;
    server.on('connection', () => (this.connections += 1));
    server.on('request', (request, response) => void this.#receive(request, response));
  }

  /** @param address of this machine */
  static async open(address = '127.0.0.1'): Promise<EventReceiver> {
    return new EventReceiver(await listening(createServer(), address), address.includes(':') ? `[${address}]` : address);
  }

  /** One that speaks HTTPS, under the name localhost. */
  static async openSecure(certificate: Certificate): Promise<EventReceiver> {
    return new EventReceiver(await listening(createSecureServer(certificate), '127.0.0.1'), 'localhost');
  }

  /** Shows another certificate from now on, and asks everybody to connect anew. */
  present(certificate: Certificate): void {
    (this.#server as SecureServer).setSecureContext(certificate);
    this.#server.closeAllConnections();
  }

  /** Every event delivered so far, in the order of arrival. */
  get events(): Record<string, unknown>[] {
    return this.deliveries.flatMap<Record<string, unknown>>(({ json }) => json as Record<string, unknown>[]);
  }

  /** Resolves when the condition holds; looked at after each delivery, and when one is still to be answered. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const isJson = request.headers['content-type']?.includes('json') === true;
    const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
    const received = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, text, json };
    const isHandshake = request.method === 'OPTIONS' || request.headers['aeg-event-type'] === 'SubscriptionValidation';
    (isHandshake ? this.handshakes : this.deliveries).push(received);
    const answering = (isHandshake ? this.consent : this.answer)(received, response);
    // It may take its time, or never end.
    if (answering !== undefined) this.#wake();
    await answering;
    if (!response.writableEnded && !response.destroyed) response.end();
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** Never answers. */
export const hangs: Answering = () => new Promise<never>(() => undefined);

async function listening<T extends Server | SecureServer>(server: T, address: string): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return server;
}

/** What the validation event of a handshake holds. */
export function validationOf({ json }: Received): { readonly validationCode: string; readonly validationUrl: string } {
  const [event] = json as { readonly data: ReturnType<typeof validationOf> }[];
  return event!.data;
}

function agree(received: Received, response: ServerResponse): void {
  if (received.method === 'OPTIONS') response.setHeader('WebHook-Allowed-Origin', '*').end();
  else response.end(JSON.stringify({ validationResponse: validationOf(received).validationCode }));
}
