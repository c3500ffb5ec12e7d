import { connect, type Socket } from 'node:net';

/** One request. Everything but `body` must be ASCII, and so must `body`: it is written as latin1. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query, as they go on the wire. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

interface Waiting {
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: Error) => void;
}

interface Job extends Waiting {
  readonly text: string;
}

const headEnd = '\r\n\r\n';

/** The bytes of a request, so that callers on a hot path build the unchanging part once. */
export function formatRequest(authority: string, { method, target, headers = {}, body }: HttpRequest): string {
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${authority}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== undefined || method !== 'GET') lines.push(`Content-Length: ${body?.length ?? 0}`);
  return `${lines.join('\r\n')}${headEnd}${body ?? ''}`;
}

/**
 * A keep-alive HTTP/1.1 client that costs the load generator a few µs a request, where `node:http` costs tens.
 * It opens up to `connections` sockets, each with one request in flight; further requests wait for a free one.
 * Reads answers with a Content-Length only.
 */
export class HttpClient {
  readonly authority: string;
  readonly #idle: Connection[] = [];
  readonly #all: Connection[] = [];
  readonly #queue: Job[] = [];
  readonly #port: number;
  readonly #limit: number;

  constructor(options: { readonly authority: string; readonly port: number; readonly connections: number }) {
    this.authority = options.authority;
    this.#port = options.port;
    this.#limit = options.connections;
  }

  request(request: HttpRequest): Promise<HttpAnswer> {
    return this.exchange(formatRequest(this.authority, request));
  }

  /** Sends a request made by {@link formatRequest}. Rejects when the connection ends before the answer. */
  exchange(text: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ text, resolve, reject });
      this.#next(this.#idle.pop() ?? this.#open());
    });
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }

  #open(): Connection | undefined {
    if (this.#all.length >= this.#limit) return undefined;
    const connection = new Connection(this.#port, () => this.#next(connection));
    this.#all.push(connection);
    return connection;
  }

  #next(connection: Connection | undefined): void {
    if (connection === undefined) return;
    const job = this.#queue.shift();
    if (job === undefined) this.#idle.push(connection);
    else connection.send(job.text, job);
  }
}

/** One socket with at most one request in flight; reconnects when the server closed it in between. */
class Connection {
  readonly #port: number;
  readonly #onFree: () => void;
  #socket: Socket | undefined;
  #received: Buffer | undefined;
  #waiting: Waiting | undefined;

  constructor(port: number, onFree: () => void) {
    this.#port = port;
    this.#onFree = onFree;
  }

  send(text: string, waiting: Waiting): void {
    this.#waiting = waiting;
    this.#socket ??= this.#connect();
    this.#socket.write(text, 'latin1');
  }

  close(): void {
    this.#socket?.destroy();
  }

  #connect(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#lost(error));
    socket.on('close', () => this.#lost(new Error('the server closed the connection before it answered')));
    return socket;
  }

  #lost(error: Error): void {
    const waiting = this.#waiting;
    this.#socket = undefined;
    this.#received = undefined;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    waiting.reject(error);
    this.#onFree();
  }

  #read(chunk: Buffer): void {
    const received = this.#received === undefined ? chunk : Buffer.concat([this.#received, chunk]);
    const answer = readAnswer(received);
    if (answer instanceof Error) this.#socket?.destroy(answer);
    else if (answer === undefined) this.#received = received;
    else this.#answer(answer);
  }

  #answer(answer: HttpAnswer): void {
    const waiting = this.#waiting;
    this.#received = undefined;
    this.#waiting = undefined;
    waiting?.resolve(answer);
    this.#onFree();
  }
}

/** The answer in `received`, or undefined while it is incomplete. */
function readAnswer(received: Buffer): HttpAnswer | Error | undefined {
  const bodyStart = received.indexOf(headEnd) + headEnd.length;
  if (bodyStart < headEnd.length) return undefined;
  const head = received.toString('latin1', 0, bodyStart);
  const status = Number(head.slice(9, 12));
  const length = status === 204 ? 0 : Number(/\ncontent-length: *(\d+)/i.exec(head)?.[1]);
  if (Number.isNaN(length)) return new Error(`an answer ${status} came without a Content-Length`);
  if (received.length < bodyStart + length) return undefined;
  return { status, body: received.toString('utf8', bodyStart, bodyStart + length) };
}
