import { createHash, createHmac } from 'node:crypto';
import { rawRequest, type RawAnswer } from './raw-request.ts';

/** What an access-key signature covers. */
export interface SignedParts {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly date: string;
  readonly contentHash: string;
  /** Base64, as in a connection string. */
  readonly key: string;
}

export interface SignedRequest {
  readonly method: string;
  /** Path, with or without query; `api-version=2023-10-01` is added when none is there. */
  readonly path: string;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
  /** Sent beside the signature, or in place of one of its headers. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** What is signed instead of what is sent. */
  readonly sign?: Partial<SignedParts>;
  readonly servername?: string;
}

export interface Connection {
  readonly endpoint: string;
  readonly key: string;
}

/** The version that the stock identity client asks for. */
export const API_VERSION = 'api-version=2023-10-01';

/** @throws Error when the text is not `endpoint=…;accesskey=…` */
export function parseConnectionString(text: string): Connection {
  const match = /^endpoint=([^;]+);accesskey=(.+)$/.exec(text);
  if (match === null) throw new Error('not a connection string');
  return { endpoint: match[1]!, key: match[2]! };
}

/** The four headers of an access-key signature over the given parts. */
export function signatureHeaders(parts: SignedParts): Record<string, string> {
  const { method, target, host, date, contentHash, key } = parts;
  const text = `${method}\n${target}\n${date};${host};${contentHash}`;
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
  return {
    host,
    'x-ms-date': date,
    'x-ms-content-sha256': contentHash,
    authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
  };
}

/** Signs and sends one request, as the SDKs do where `sign` says nothing else. */
export function signedRequest(connectionString: string, wanted: SignedRequest): Promise<RawAnswer> {
  const { endpoint, key } = parseConnectionString(connectionString);
  const { method, headers, servername } = wanted;
  const target = withVersion(wanted.path);
  const body = wanted.body === undefined ? undefined : textOf(wanted.body);
  const { host } = new URL(endpoint);
  const sent = { method, target, host, date: new Date().toUTCString(), contentHash: sha256(body ?? ''), key };
  return rawRequest({
    endpoint,
    method,
    target,
    headers: {
      ...signatureHeaders({ ...sent, ...wanted.sign }),
      host,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
    ...(servername === undefined ? {} : { servername }),
  });
}

/** Base64 SHA-256, as `x-ms-content-sha256` carries it. */
export function sha256(body: string): string {
  return createHash('sha256').update(body).digest('base64');
}

function withVersion(path: string): string {
  if (path.includes('api-version')) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${API_VERSION}`;
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
