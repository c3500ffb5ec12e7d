import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request, type Server } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestServer } from './server.ts';

/**
 * A reverse proxy of the kind that drops the `Upgrade` of a WebSocket, in front of a server. It ends TLS with the server's
 * own certificate, so whoever trusts that server trusts it.
 */
export class NoWebSocketProxy implements AsyncDisposable {
  readonly #server: Server;
  /** Requests for sockets that it refused. */
  refused = 0;

  private constructor(server: TestServer) {
    const pem = readFileSync(join(server.data, 'tls', 'leaf.pem'));
    this.#server = createServer({ cert: pem, key: pem }, (incoming, outgoing) => this.#pass(server, incoming, outgoing));
    this.#server.on('upgrade', (_request, socket) => {
      this.refused += 1;
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
  }

  static async start(server: TestServer): Promise<NoWebSocketProxy> {
    const proxy = new NoWebSocketProxy(server);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get endpoint(): string {
    return `https://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #pass({ endpoint }: TestServer, incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { hostname, port } = new URL(endpoint);
    const { method, url, headers } = incoming;
    // The host stays, so that the server names this proxy as its own address.
    const onward = request({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }
}
