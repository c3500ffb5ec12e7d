import type { Socket } from 'node:net';
import type { Server } from 'node:tls';

/**
 * The connections of a TLS server that are still shaking hands. A failed handshake is reported with a socket that can
 * speak nothing but TLS; whoever began in plain text is answered in plain text, on the connection below it.
 */
export class Handshakes {
  /** By the peer's address. An entry goes when its handshake is done, or with its connection. */
  readonly #connections = new Map<string, Socket>();

  attach(server: Server): void {
    server.on('connection', (connection: Socket) => {
      const peer = peerOf(connection);
      this.#connections.set(peer, connection);
      connection.once('close', () => {
        if (this.#connections.get(peer) === connection) this.#connections.delete(peer);
      });
    });
    server.on('secureConnection', (socket) => this.#connections.delete(peerOf(socket)));
  }

  /** What lies below a socket whose handshake has just failed. */
  below(failed: Socket): Socket | undefined {
    return this.#connections.get(peerOf(failed));
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
