import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a validation event, whose code it is given. */
type Answering = (response: ServerResponse, code: string) => void;
export const agrees: Answering = (response, code) => void response.end(JSON.stringify({ validationResponse: code }));
export const refuses: Answering = (response) => void response.writeHead(500).end();
export const saysNothing: Answering = (response) => void response.end();

interface Asked {
  readonly path: string;
  readonly validationUrl: URL;
}

/** An endpoint that answers validation events as the test says. */
export async function openEndpoint() {
  const asked: Asked[] = [];
  const endpoint = { asked, answer: agrees, url: '', [Symbol.asyncDispose]: () => Promise.resolve() };
  const server = createServer((request, response) => void receive(request, response));
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [event] = JSON.parse(Buffer.concat(chunks).toString()) as { data: { validationCode: string; validationUrl: string } }[];
    if (request.headers['aeg-event-type'] !== 'SubscriptionValidation') return void response.end();
    asked.push({ path: request.url ?? '', validationUrl: new URL(event!.data.validationUrl) });
    endpoint.answer(response, event!.data.validationCode);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  endpoint[Symbol.asyncDispose] = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return endpoint;
}
