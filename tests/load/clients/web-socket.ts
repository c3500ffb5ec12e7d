import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** GUID of RFC 6455 section 1.3. */
const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const opcodes = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

export interface WebSocketOptions {
  readonly authority: string;
  readonly port: number;
  readonly target: string;
  readonly protocol?: string;
}

export interface WebSocketHandlers {
  /** Called with each text frame. */
  readonly onText: (text: string) => void;
  /** Called once when the socket ends other than by `close()`. */
  readonly onLost: (error: Error) => void;
}

/**
 * A WebSocket client that is cheap enough to hold thousands of sockets in one load generator.
 * It reads unfragmented text frames as latin1 and sends ASCII text with an all-zero mask (allowed by RFC 6455
 * section 5.3, and free). What is sent while a chunk is being read leaves in one write.
 */
export class WebSocketClient {
  readonly #socket: Socket;
  #handlers: WebSocketHandlers | undefined;
  #rest: Buffer | undefined;
  #outgoing = '';
  #reading = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#lost(error));
    socket.on('close', () => this.#lost(new Error('the server closed a WebSocket')));
  }

  /** Resolves when the server has accepted the upgrade; frames are read from `listen` on. */
  static async connect(options: WebSocketOptions): Promise<WebSocketClient> {
    const socket = connect({ host: '127.0.0.1', port: options.port, noDelay: true });
    const rest = await upgrade(socket, options);
    if (rest.length > 0) socket.unshift(rest);
    return new WebSocketClient(socket);
  }

  listen(handlers: WebSocketHandlers): void {
    this.#handlers = handlers;
    this.#socket.resume();
  }

  send(text: string): void {
    this.#send(opcodes.text, text);
  }

  close(): void {
    this.#handlers = undefined;
    this.#socket.destroy();
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
    handlers?.onLost(error);
  }

  #read(chunk: Buffer): void {
    const data = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#reading = true;
    const used = this.#readFrames(data);
    this.#reading = false;
    this.#rest = used === data.length ? undefined : data.subarray(used);
    this.#flush();
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

function upgrade(socket: Socket, { authority, target, protocol }: WebSocketOptions): Promise<Buffer> {
  const key = randomBytes(16).toString('base64');
  const lines = [`GET ${target} HTTP/1.1`, `Host: ${authority}`, 'Connection: Upgrade', 'Upgrade: websocket'];
  lines.push('Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`);
  if (protocol !== undefined) lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const accept = createHash('sha1')
    .update(key + handshakeGuid)
    .digest('base64');
  return readUpgradeAnswer(socket, accept);
}

/** The bytes that followed the answer's head. Rejects when the server refuses. */
function readUpgradeAnswer(socket: Socket, accept: string): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  let received = Buffer.alloc(0);
  function onData(chunk: Buffer): void {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = received.toString('latin1', 0, end);
    socket.pause();
    if (head.startsWith('HTTP/1.1 101') && head.includes(accept)) resolve(received.subarray(end + 4));
    else reject(new Error(`the server refused a WebSocket: ${head.split('\r\n', 1)[0]}`));
  }
  function onEnd(): void {
    reject(new Error('the server closed the connection during the WebSocket handshake'));
  }
  socket.on('data', onData).on('error', reject).on('close', onEnd);
  return promise.finally(() => socket.off('data', onData).off('error', reject).off('close', onEnd));
}
