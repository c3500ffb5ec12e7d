import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** One answer as it came over the wire. Of a header given twice the last one counts. */
export interface WireAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ANSWER_MS = 10_000;
const HEAD_END = '\r\n\r\n';

/** A connection on which the test decides every byte: HTTP that no client library would send. */
export class RawConnection implements Disposable {
  readonly socket: Socket;
  /** What arrived and was not taken yet, one character for each byte. */
  received = '';
  #ended = false;
  #changed = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.received += text;
      this.#wake();
    });
    // A reset is one way of saying no; what had arrived before still counts.
    socket.on('error', () => this.#end());
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
  }

  /** @param endpoint e.g. `https://localhost:8443/`, whose authority must be trusted already */
  static async open(endpoint: string): Promise<RawConnection> {
    const { protocol, hostname, port } = new URL(endpoint);
    const encrypted = protocol === 'https:';
    const options = { host: hostname, port: Number(port) };
    const socket = encrypted ? connectTls({ ...options, servername: hostname }) : connect(options);
    const connection = new RawConnection(socket);
    await once(socket, encrypted ? 'secureConnect' : 'connect');
    return connection;
  }

  /** @param bytes a text stands for one byte in each character */
  send(bytes: string | Uint8Array): void {
    if (typeof bytes === 'string') this.socket.write(bytes, 'latin1');
    else this.socket.write(bytes);
  }

  /** Resolves when the kernel has taken everything, or the server has ended the connection. */
  async sent(): Promise<void> {
    this.socket.write('', () => this.#wake());
    while (this.socket.writableLength > 0 && !this.#ended) await this.#change('the end of the sending');
  }

  /** The next answer; undefined when the server ended the connection instead. @throws Error when neither happens in time */
  async answer(): Promise<WireAnswer | undefined> {
    for (;;) {
      const parsed = parseAnswer(this.received, this.#ended);
      if (parsed !== undefined) {
        this.received = this.received.slice(parsed.length);
        return parsed.answer;
      }
      if (this.#ended) return undefined;
      await this.#change('an answer');
    }
  }

  /** Every further answer until the server ends the connection. */
  async answers(): Promise<WireAnswer[]> {
    const all: WireAnswer[] = [];
    for (let next = await this.answer(); next !== undefined; next = await this.answer()) all.push(next);
    return all;
  }

  /** Waits for a text in what was received and not taken. @returns false when the server ended the connection without it */
  async seen(text: string): Promise<boolean> {
    while (!this.received.includes(text) && !this.#ended) await this.#change(JSON.stringify(text));
    return this.received.includes(text);
  }

  /** Resolves when the server has ended the connection. */
  async ended(): Promise<void> {
    while (!this.#ended) await this.#change('the end of the connection');
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  async #change(what: string): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`${what} did not come in ${ANSWER_MS} ms; so far: ${JSON.stringify(this.received.slice(-500))}`)),
      ANSWER_MS,
    );
    await Promise.race([this.#changed.promise, late.promise]).finally(() => clearTimeout(timer));
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** Sends these bytes on a connection of their own. @returns the first answer; undefined when the server just hung up */
export async function sendRaw(endpoint: string, bytes: string | Uint8Array): Promise<WireAnswer | undefined> {
  using connection = await RawConnection.open(endpoint);
  connection.send(bytes);
  // Awaited here: the connection is let go of when this returns.
  return await connection.answer();
}

/** The head of a request, target and headers as given; each header is one line. */
export function head(requestLine: string, headers: readonly string[]): string {
  return [requestLine, ...headers, '', ''].join('\r\n');
}

/** The first whole answer in `text` and the characters it takes; undefined while some are lacking. */
function parseAnswer(text: string, isAll: boolean): { readonly answer: WireAnswer; readonly length: number } | undefined {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd === -1) return undefined;
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const status = Number(statusLine.split(' ')[1]);
  const start = headEnd + HEAD_END.length;
  const hasBody = status >= 200 && status !== 204 && status !== 304;
  const given = hasBody ? headers['content-length'] : '0';
  if (given === undefined && !isAll) return undefined;
  const end = given === undefined ? text.length : start + Number(given);
  if (end > text.length) return undefined;
  return { answer: { status, headers, body: Buffer.from(text.slice(start, end), 'latin1').toString('utf8') }, length: end };
}
