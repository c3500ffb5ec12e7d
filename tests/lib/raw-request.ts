import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** One request, every byte of whose head the test decides; nothing is normalised, followed or retried. */
export interface RawRequest {
  /** Where to connect, e.g. `https://localhost:8443/`. */
  readonly endpoint: string;
  readonly method: string;
  /** Request target exactly as sent. */
  readonly target: string;
  /** `host` is the endpoint's own unless given; a list sends the header that many times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** TLS server name, when it is not the endpoint's; a `host` header alone does not change it. */
  readonly servername?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** The error envelope of an answer. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/** Sends one request on a connection of its own. */
export function rawRequest(wanted: RawRequest): Promise<RawAnswer> {
  const { protocol, hostname, port } = new URL(wanted.endpoint);
  const options = {
    host: hostname,
    port,
    method: wanted.method,
    path: wanted.target,
    headers: { connection: 'close', ...wanted.headers } as Record<string, string | string[]>,
    agent: false,
    servername: wanted.servername ?? hostname,
  };
  return new Promise((resolve, reject) => {
    const outgoing = protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
    outgoing.on('response', (incoming) => void readAll(incoming).then(resolve, reject));
    outgoing.on('error', reject);
    outgoing.end(wanted.body);
  });
}

/** The JSON body of an answer. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- one place for the cast that every test would write
export function jsonOf<T>(answer: RawAnswer): T {
  return JSON.parse(answer.text) as T;
}

/** What a refusal says: `error` of an envelope, or what a problem document tells. */
export function errorOf(answer: RawAnswer): ErrorBody {
  if (answer.headers['content-type']?.includes('problem+json') === true) {
    const { errors } = jsonOf<{ readonly errors: Readonly<Record<string, readonly [string]>> }>(answer);
    const [[target, [message]]] = Object.entries(errors) as [[string, readonly [string]]];
    return { code: String(answer.headers['x-ms-error-code']), message, target };
  }
  return jsonOf<{ readonly error: ErrorBody }>(answer).error;
}

async function readAll(incoming: IncomingMessage): Promise<RawAnswer> {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) text += String(chunk);
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text };
}
