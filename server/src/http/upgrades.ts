import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { ParsedHost } from './hosts.ts';

/** An upgrade request for one of our paths. The handler owns the socket from then on. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly host: ParsedHost;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly encrypted: boolean;
}

export type UpgradeHandler = (upgrade: Upgrade) => void;

/** Decides about host and origin before a handler sees the request; returns a refusal as a complete response. */
export type UpgradeGate = (request: IncomingMessage, encrypted: boolean) => { readonly host: ParsedHost } | { readonly refusal: string };

/** The one table of paths that speak WebSocket. */
export class Upgrades {
  readonly #prefixes = new Map<string, UpgradeHandler>();

  /** @param prefix path or path prefix ending in `/` */
  add(prefix: string, handler: UpgradeHandler): void {
    this.#prefixes.set(prefix, handler);
  }

  attach(server: Server, options: { readonly encrypted: boolean; readonly gate: UpgradeGate }): void {
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      // Both kinds of listener hand out net.Socket or its TLS subclass.
      const socket = stream as Socket;
      socket.on('error', () => socket.destroy());
      const verdict = options.gate(request, options.encrypted);
      if ('refusal' in verdict) {
        socket.end(verdict.refusal);
        return;
      }
      const [path = '', query = ''] = (request.url ?? '').split('?', 2);
      const handler = this.#find(path);
      if (handler === undefined) {
        socket.end(NOT_FOUND);
        return;
      }
      handler({ request, socket, head, host: verdict.host, path, query: new URLSearchParams(query), encrypted: options.encrypted });
    });
  }

  #find(path: string): UpgradeHandler | undefined {
    for (const [prefix, handler] of this.#prefixes) {
      if (prefix.endsWith('/') ? path.startsWith(prefix) : path === prefix) return handler;
    }
    return undefined;
  }
}

const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
