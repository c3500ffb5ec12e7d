import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** GUID of RFC 6455 section 1.3. */
const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const noBytes = Buffer.alloc(0);
const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

export interface WebSocketOptions {
  readonly authority: string;
  readonly port: number;
  readonly target: string;
  readonly protocol?: string;
  /** PEM of the authority that vouches for the server; absent: plain TCP. */
  readonly ca?: string;
}

export interface WebSocketHandlers {
  /** Called with each text frame. */
  readonly onText: (text: string) => void;
  /** Called once when the socket ends other than by `close()`. */
  readonly onLost: (error: Error) => void;
}

/** Where the kernel's bytes land, of all sockets: each read is handled before the next one. Saves an allocation a read. */
const landing = Buffer.alloc(65_536);

/**
 * A WebSocket client that is cheap enough to hold thousands of sockets in one load generator.
 * It reads unfragmented text frames as latin1 and sends ASCII text with an all-zero mask (allowed by RFC 6455
 * section 5.3, and free). What is sent while a chunk is being read leaves in one write.
 */
export class WebSocketClient {
  readonly #socket: Socket;
  readonly #key = randomBytes(16).toString('base64');
  readonly #opened = Promise.withResolvers<void>();
  #upgraded = false;
  #handlers: WebSocketHandlers | undefined;
  /** Bytes that wait for the rest of their frame, or for `listen`. */
  #rest = noBytes;
  #outgoing = '';
  #reading = false;

  private constructor({ authority, port, target, protocol, ca }: WebSocketOptions) {
    this.#socket = ca === undefined ? this.#connectPlain(port) : this.#connectTls(port, ca);
    this.#socket.on('error', (error) => this.#lost(error));
    this.#socket.on('close', () => this.#lost(new Error('the server closed a WebSocket')));
    const lines = [`GET ${target} HTTP/1.1`, `Host: ${authority}`, 'Connection: Upgrade', 'Upgrade: websocket'];
    lines.push('Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${this.#key}`);
    if (protocol !== undefined) lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  }

  /** Resolves when the server has accepted the upgrade; frames are handled from `listen` on. */
  static async connect(options: WebSocketOptions): Promise<WebSocketClient> {
    const client = new WebSocketClient(options);
    await client.#opened.promise;
    return client;
  }

  listen(handlers: WebSocketHandlers): void {
    this.#handlers = handlers;
    this.#read(noBytes);
  }

  send(text: string): void {
    this.#send(opcodes.text, text);
  }

  close(): void {
    this.#handlers = undefined;
    this.#socket.destroy();
  }

  #connectPlain(port: number): Socket {
    const callback = (length: number): boolean => this.#read(landing.subarray(0, length));
    return connect({ host: '127.0.0.1', port, noDelay: true, onread: { buffer: landing, callback } });
  }

  #connectTls(port: number, ca: string): Socket {
    const socket = connectTls({ host: '127.0.0.1', servername: 'localhost', port, ca });
    return socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  #send(opcode: number, text: string): void {
    this.#outgoing += frame(opcode, text);
    if (!this.#reading) this.#flush();
  }

  #flush(): void {
    if (this.#outgoing === '') return;
    this.#socket.write(this.#outgoing, 'latin1');
    this.#outgoing = '';
  }

  #lost(error: Error): void {
    const handlers = this.#handlers;
    this.close();
    this.#opened.reject(error);
    handlers?.onLost(error);
  }

  /** Returns true: go on reading. */
  #read(chunk: Buffer): boolean {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (!this.#upgraded) data = data.subarray(this.#readUpgrade(data));
    if (this.#handlers !== undefined) {
      this.#reading = true;
      data = data.subarray(this.#readFrames(data));
      this.#reading = false;
      this.#flush();
    }
    this.#rest = data.length === 0 ? noBytes : Buffer.from(data);
    return true;
  }

  /** Handles the answer to the upgrade request when it is whole; returns how many bytes it took. */
  #readUpgrade(data: Buffer): number {
    const end = data.indexOf('\r\n\r\n');
    if (end < 0) return 0;
    const head = data.toString('latin1', 0, end);
    const accept = createHash('sha1')
      .update(this.#key + handshakeGuid)
      .digest('base64');
    this.#upgraded = head.startsWith('HTTP/1.1 101') && head.includes(accept);
    if (this.#upgraded) this.#opened.resolve();
    else this.#lost(new Error(`the server refused a WebSocket: ${head.split('\r\n', 1)[0]}`));
    return end + 4;
  }

  /** Handles every whole frame in `data`; returns how many bytes they took. */
  #readFrames(data: Buffer): number {
    let offset = 0;
    while (data.length - offset >= 2) {
      const { headerLength, length } = readLength(data, offset);
      const end = offset + headerLength + length;
      if (end > data.length) break;
      this.#handle(data[offset] ?? 0, data.toString('latin1', offset + headerLength, end));
      offset = end;
    }
    return offset;
  }

  #handle(first: number, payload: string): void {
    if (first === (0x80 | opcodes.text)) this.#handlers?.onText(payload);
    else if (first === (0x80 | opcodes.ping)) this.#send(opcodes.pong, payload);
    else if (first === (0x80 | opcodes.close)) this.#lost(new Error('the server said close on a WebSocket'));
    else if (first !== (0x80 | opcodes.pong)) this.#lost(new Error(`unexpected WebSocket frame, first byte 0x${first.toString(16)}`));
  }
}

/** Where the payload of the (unmasked) frame at `offset` lies; `length` is infinite while the header is incomplete. */
function readLength(data: Buffer, offset: number): { headerLength: number; length: number } {
  const short = (data[offset + 1] ?? 0) & 0x7f;
  if (short < 126) return { headerLength: 2, length: short };
  const headerLength = short === 126 ? 4 : 10;
  if (data.length < offset + headerLength) return { headerLength, length: Infinity };
  return { headerLength, length: short === 126 ? data.readUInt16BE(offset + 2) : Number(data.readBigUInt64BE(offset + 2)) };
}

/** A final, masked frame of up to 65,535 characters, each standing for one byte. */
function frame(opcode: number, text: string): string {
  const length = text.length < 126 ? [0x80 | text.length] : [0x80 | 126, text.length >> 8, text.length & 0xff];
  return String.fromCharCode(0x80 | opcode, ...length, 0, 0, 0, 0) + text;
}
