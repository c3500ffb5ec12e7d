import { Agent, request as httpRequest } from 'node:http';
import type { RawAnswer, RawRequest } from './raw-request.ts';

/** Sends thousands of requests over a few plain connections; a connection of its own for each would use up the ports. */
export class KeptConnections implements Disposable {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  /** Like `rawRequest`. */
  call(wanted: Omit<RawRequest, 'servername'>): Promise<RawAnswer> {
    const { hostname, port } = new URL(wanted.endpoint);
    const headers = { ...wanted.headers } as Record<string, string | string[]>;
    const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
    const outgoing = httpRequest({ host: hostname, port, method: wanted.method, path: wanted.target, headers, agent: this.#agent });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => (text += chunk));
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }));
    });
    outgoing.end(wanted.body);
    return promise;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
