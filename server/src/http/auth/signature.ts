import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AccessKey } from '../ports.ts';

/** The signed parts of a request, as received. */
export interface SignedRequest {
  readonly method: string;
  /** Request target with query, exactly as received. */
  readonly target: string;
  /** Value of a header named in `SignedHeaders`, or undefined. */
  header(name: string): string | undefined;
  /** Every host name under which the client may have signed, the `Host` header first. */
  readonly hosts: readonly string[];
}

export interface AuthorizationHeader {
  readonly signedHeaders: readonly string[];
  readonly signature: Buffer;
}

const FORM = /^HMAC-SHA256 SignedHeaders=([\w;-]{1,200})&Signature=([A-Za-z0-9+/=]{44})$/;

/** Parses `HMAC-SHA256 SignedHeaders=…&Signature=…`; undefined when it has another form. */
export function parseAuthorization(value: string): AuthorizationHeader | undefined {
  const match = FORM.exec(value);
  if (match === null) return undefined;
  const signature = Buffer.from(match[2] as string, 'base64');
  return signature.length === 32 ? { signedHeaders: (match[1] as string).toLowerCase().split(';'), signature } : undefined;
}

/** Headers without which a signature would not bind the request. */
const REQUIRED = ['host', 'x-ms-content-sha256'];

/** The header whose date a signature covers: `x-ms-date` where it is signed, else `date`. */
export function signedDateHeader(signedHeaders: readonly string[]): string {
  return signedHeaders.includes('x-ms-date') ? 'x-ms-date' : 'date';
}

/**
 * The texts a client may have signed for this request. Clients do not sign the bytes they send: JavaScript signs a query
 * re-encoded as form data, Python a decoded target (over http without its leading slash), Java a host without its port.
 * The most common form comes first.
 *
 * @returns undefined when the signature leaves out a header that must be signed
 */
export function* stringsToSign(request: SignedRequest, signedHeaders: readonly string[]): Generator<string> {
  if (![...REQUIRED, signedDateHeader(signedHeaders)].every((name) => signedHeaders.includes(name))) return;
  for (const host of request.hosts) {
    const values = signedHeaders.map((name) => (name === 'host' ? host : (request.header(name) ?? '')));
    const headerLine = values.join(';');
    for (const target of targetForms(request.target)) yield `${request.method}\n${target}\n${headerLine}`;
  }
}

function targetForms(target: string): ReadonlySet<string> {
  const forms = new Set([target]);
  const mark = target.indexOf('?');
  if (mark !== -1) forms.add(`${target.slice(0, mark)}?${new URLSearchParams(target.slice(mark + 1)).toString()}`);
  const decoded = decodeTarget(target);
  if (decoded !== undefined) forms.add(decoded);
  for (const form of [...forms]) if (form.startsWith('/')) forms.add(form.slice(1));
  return forms;
}

function decodeTarget(target: string): string | undefined {
  try {
    return decodeURIComponent(target);
  } catch {
    return undefined;
  }
}

/** The key that made the signature over one of the candidate texts, compared in constant time. */
export function findSigningKey(candidates: Iterable<string>, keys: readonly AccessKey[], signature: Buffer): AccessKey | undefined {
  for (const text of candidates) {
    for (const key of keys) {
      const expected = createHmac('sha256', key.secret).update(text, 'utf8').digest();
      if (timingSafeEqual(expected, signature)) return key;
    }
  }
  return undefined;
}
