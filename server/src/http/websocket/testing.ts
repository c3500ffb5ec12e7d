import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, Socket, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, type ClientOptions } from 'ws';
import { Backlog } from '../../lib/backlog.ts';
import { createLog } from '../../lib/log.ts';
import { realTimers } from '../../lib/timers.ts';
import { WebSocketConnection, type WebSocketConnectionOptions } from './connection.ts';
import { checkUpgrade, refuseUpgrade, switchingProtocols } from './handshake.ts';

/** An opening handshake, complete. */
export const HANDSHAKE = [
  'GET / HTTP/1.1',
  'Host: localhost',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n');
export const MAX_BUFFERED_BYTES = 500_000;

/** A frame as a client sends it, right or wrong. */
export interface ClientFrame {
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly fin?: boolean;
  readonly reserved?: number;
  readonly masked?: boolean;
  readonly maskingKey?: Uint8Array;
}

/** The bytes of a client frame: final and masked unless told otherwise. */
export function clientFrame(frame: ClientFrame): Buffer {
  const { payload, masked = true, maskingKey = Buffer.of(0x37, 0xfa, 0x21, 0x3d) } = frame;
  const first = (frame.fin === false ? 0 : 0x80) | ((frame.reserved ?? 0) << 4) | frame.opcode;
  const head = Buffer.concat([Buffer.of(first), lengthBytes(payload.length, masked)]);
  if (!masked) return Buffer.concat([head, payload]);
  return Buffer.concat([head, maskingKey, payload.map((byte, index) => byte ^ (maskingKey[index % 4] ?? 0))]);
}

/** A text message in one frame. */
export function textFrame(text: string): Buffer {
  return clientFrame({ opcode: 1, payload: Buffer.from(text) });
}

export interface Host extends AsyncDisposable {
  readonly port: number;
  readonly messages: readonly string[];
  readonly ends: readonly (readonly [code: number, reason: string])[];
  readonly closed: Promise<readonly [code: number, reason: string]>;
  connection(): WebSocketConnection;
  socket(): Socket;
  open(options?: ClientOptions): Promise<WebSocket>;
  /** A client that has sent its handshake and been accepted, and reads nothing more by itself. */
  openRaw(options?: { readonly allowHalfOpen: boolean }): Promise<Socket>;
  received(count: number): Promise<void>;
}

/** A real HTTP server on a free port that upgrades every request and keeps the last connection. */
export async function listen(overrides: Partial<WebSocketConnectionOptions>): Promise<Host> {
  const server = createServer();
  const messages: string[] = [];
  const ends: (readonly [number, string])[] = [];
  const arrivals = Promise.withResolvers<undefined>();
  const closed = Promise.withResolvers<readonly [number, string]>();
  let arrived = arrivals;
  let current: { socket: Socket; connection: WebSocketConnection } | undefined;
  server.on('upgrade', (request, duplex, head) => {
    const check = checkUpgrade(request);
    if (!check.ok) return refuseUpgrade(duplex, check.refusal);
    const socket = socketOf(duplex);
    socket.write(switchingProtocols(check.key));
    const connection = new WebSocketConnection({
      socket,
      head,
      timers: realTimers,
      log: createLog('silent'),
      maxMessageBytes: 100_000,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      backlog: new Backlog(Infinity),
      closeTimeoutMs: 5_000,
      onMessage(text) {
        messages.push(text);
        arrived.resolve(undefined);
        arrived = Promise.withResolvers();
      },
      onClose(code, reason) {
        ends.push([code, reason]);
        closed.resolve([code, reason]);
      },
      ...overrides,
    });
    current = { socket, connection };
    server.emit('opened');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // Not a pipe: listening on a port.
  const opened = (): { socket: Socket; connection: WebSocketConnection } => {
    if (current === undefined) throw new Error('no connection yet');
    return current;
  };
  return {
    port,
    messages,
    ends,
    closed: closed.promise,
    connection: () => opened().connection,
    socket: () => opened().socket,
    async open(options) {
      const client = new WebSocket(`ws://127.0.0.1:${port}/`, options);
      await once(client, 'open');
      return client;
    },
    async openRaw(options) {
      const client = connect({ port, host: '127.0.0.1', ...options });
      client.on('error', () => client.destroy());
      client.write(HANDSHAKE);
      await once(client, 'readable');
      client.read();
      return client;
    },
    async received(count) {
      while (messages.length < count) await arrived.promise;
    },
    async [Symbol.asyncDispose]() {
      current?.connection.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Servers of Node document that the stream of an upgrade is their socket. */
function socketOf(duplex: Duplex): Socket {
  if (!(duplex instanceof Socket)) throw new TypeError('not a socket');
  return duplex;
}

function lengthBytes(length: number, masked: boolean): Buffer {
  const mask = masked ? 0x80 : 0;
  if (length < 126) return Buffer.of(mask | length);
  const bytes = Buffer.alloc(length < 65_536 ? 3 : 9);
  bytes[0] = mask | (length < 65_536 ? 126 : 127);
  if (length < 65_536) bytes.writeUInt16BE(length, 1);
  else bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}
