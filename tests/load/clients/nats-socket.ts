import { connect, type Socket } from 'node:net';
import { answeredInTime } from './deadline.ts';

export interface NatsOptions {
  readonly port: number;
  /** Called with each message of a subscription that is no answer to {@link NatsSocket.request}. */
  readonly onMessage: (payload: string) => void;
  readonly onLost: (error: Error) => void;
}

interface Waiting {
  readonly resolve: (payload: string) => void;
  readonly reject: (error: Error) => void;
}

const inbox = '_INBOX';
const lineEnd = '\r\n';
const noBytes = Buffer.alloc(0);
const inboxSid = 1;
const firstSid = 2;
/** Where the kernel's bytes land, of all sockets: each read is handled before the next one. */
const landing = Buffer.alloc(65_536);
let clients = 0;

/** A client of the NATS protocol (docs.nats.io, "Client Protocol"), as lean as the bench's other ones. ASCII payloads only. */
export class NatsSocket {
  readonly #socket: Socket;
  readonly #options: NatsOptions;
  /** Answers come to subjects of this client only. */
  readonly #inbox = `${inbox}.${(clients += 1)}`;
  readonly #waiting = new Map<string, Waiting>();
  readonly #pongs: Waiting[] = [];
  #rest = noBytes;
  #requests = 0;
  #subscriptions = firstSid;
  #closed = false;

  private constructor(options: NatsOptions) {
    this.#options = options;
    const callback = (length: number): boolean => this.#read(landing.subarray(0, length));
    this.#socket = connect({ host: '127.0.0.1', port: options.port, noDelay: true, onread: { buffer: landing, callback } });
    this.#socket.on('error', (error) => this.#lost(error));
    this.#socket.on('close', () => this.#lost(new Error('the NATS server closed a connection')));
    this.#socket.write(
      `CONNECT {"verbose":false,"pedantic":false,"lang":"bench","version":"0"}${lineEnd}SUB ${this.#inbox}.* ${inboxSid}${lineEnd}`,
    );
  }

  static async connect(options: NatsOptions): Promise<NatsSocket> {
    const client = new NatsSocket(options);
    await client.#settled();
    return client;
  }

  /** Resolves when the server has taken the subscription in. */
  async subscribe(subject: string): Promise<void> {
    this.#socket.write(`SUB ${subject} ${this.#subscriptions++}${lineEnd}`);
    await this.#settled();
  }

  /** Publishes and resolves with the answer: for a subject of a stream, the acknowledgement that it is stored. */
  request(subject: string, payload: string): Promise<string> {
    const reply = `${this.#inbox}.${(this.#requests += 1)}`;
    return new Promise((resolve, reject) => {
      this.#waiting.set(reply, { resolve, reject });
      this.#socket.write(`PUB ${subject} ${reply} ${payload.length}${lineEnd}${payload}${lineEnd}`, 'latin1');
    });
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  /** The server handles a client's commands in order: its PONG means that it is done with the earlier ones. */
  #settled(): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#pongs.push({ resolve, reject });
    this.#socket.write(`PING${lineEnd}`);
    return answeredInTime(promise, 'PING to NATS');
  }

  #lost(error: Error): void {
    if (this.#closed) return;
    this.close();
    for (const waiting of [...this.#waiting.values(), ...this.#pongs]) waiting.reject(error);
    this.#options.onLost(error);
  }

  /** Returns true: go on reading. */
  #read(chunk: Buffer): boolean {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const text = data.toString('latin1');
    const taken = this.#handleAll(text);
    this.#rest = taken === text.length ? noBytes : Buffer.from(data.subarray(taken));
    return true;
  }

  /** Handles everything whole in `text`; returns how many characters that took. */
  #handleAll(text: string): number {
    let offset = 0;
    for (;;) {
      const end = text.indexOf(lineEnd, offset);
      if (end < 0) return offset;
      const line = text.slice(offset, end);
      const payloadStart = end + lineEnd.length;
      if (!line.startsWith('MSG ')) {
        this.#handleLine(line);
        offset = payloadStart;
        continue;
      }
      // MSG subject sid [reply] length
      const payloadEnd = payloadStart + Number(line.slice(line.lastIndexOf(' ') + 1));
      if (text.length < payloadEnd + lineEnd.length) return offset;
      this.#handleMessage(line.slice(4, line.indexOf(' ', 4)), text.slice(payloadStart, payloadEnd));
      offset = payloadEnd + lineEnd.length;
    }
  }

  #handleMessage(subject: string, payload: string): void {
    if (!subject.startsWith(inbox)) {
      this.#options.onMessage(payload);
      return;
    }
    const waiting = this.#waiting.get(subject);
    this.#waiting.delete(subject);
    if (payload.includes('"error"')) waiting?.reject(new Error(`NATS refused: ${payload}`));
    else waiting?.resolve(payload);
  }

  #handleLine(line: string): void {
    if (line === 'PING') this.#socket.write(`PONG${lineEnd}`);
    else if (line === 'PONG') this.#pongs.shift()?.resolve(line);
    else if (line.startsWith('-ERR')) this.#lost(new Error(`NATS said ${line}`));
  }
}
