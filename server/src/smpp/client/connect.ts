import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { messageOf } from '../../lib/errors.ts';
import type { Timers } from '../../lib/timers.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** Encrypted when this is given; the certificate must be of `servername`, which is the host unless told otherwise. */
  readonly tls?: Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>;
}

export type Connection = { readonly kind: 'connected'; readonly socket: Socket } | { readonly kind: 'failed'; readonly reason: string };

export interface ConnectOptions {
  readonly timers: Timers;
  /** For the name, the connection and the TLS handshake together. */
  readonly timeoutMs: number;
  /** Gives the attempt up. */
  readonly signal: AbortSignal;
}

/** Opens a connection. Never rejects. */
export function connect(target: Target, { timers, timeoutMs, signal }: ConnectOptions): Promise<Connection> {
  const { host, port, tls } = target;
  const socket = tls === undefined ? connectTcp({ host, port }) : connectTls({ host, port, ...serverNameOf(host), ...tls });
  return new Promise((resolve) => {
    const settle = (connection: Connection): void => {
      timer.cancel();
      socket.removeAllListeners();
      signal.removeEventListener('abort', abort);
      resolve(connection);
    };
    const fail = (reason: string): void => {
      settle({ kind: 'failed', reason });
      // What else it has to say was told already.
      socket.on('error', () => undefined).destroy();
    };
    const abort = (): void => fail('given up');
    const timer = timers.after(timeoutMs, () => fail(`no connection to ${host}:${port} in ${timeoutMs} ms`));
    signal.addEventListener('abort', abort);
    socket.once('error', (error) => fail(messageOf(error)));
    socket.once('close', () => fail('the connection was closed'));
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => settle({ kind: 'connected', socket }));
  });
}

/** An address is no name that a certificate could be asked for. */
function serverNameOf(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}
