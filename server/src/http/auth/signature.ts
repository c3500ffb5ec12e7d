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
  const [, names = '', text = ''] = match;
  const signature = Buffer.from(text, 'base64');
  // One signature has one text: spare bits at the end that decode to the same bytes are refused.
  if (signature.length !== 32 || signature.toString('base64') !== text) return undefined;
  return { signedHeaders: names.toLowerCase().split(';'), signature };
}

/** Headers without which a signature would not bind the request. */
const REQUIRED = ['host', 'x-ms-content-sha256'];

/** The header whose date a signature covers: `x-ms-date` where it is signed, else `date`. */
export function signedDateHeader(signedHeaders: readonly string[]): string {
  return signedHeaders.includes('x-ms-date') ? 'x-ms-date' : 'date';
}

/** Whether a signature over these headers binds the request to its host, date and body. */
export function bindsRequest(signedHeaders: readonly string[]): boolean {
  return [...REQUIRED, signedDateHeader(signedHeaders)].every((name) => signedHeaders.includes(name));
}

/** The text that nearly every client signs: the target and the host as they were received. */
export function likelyStringToSign(request: SignedRequest, signedHeaders: readonly string[]): string {
  return stringToSign(request, signedHeaders, { target: request.target, host: request.hosts[0] ?? '' });
}

/**
 * All texts a client may have signed for this request. Clients do not sign the bytes they send: JavaScript signs a query
 * re-encoded as form data, Python a decoded target (over http without its leading slash), Java a host without its port.
 */
export function stringsToSign(request: SignedRequest, signedHeaders: readonly string[]): string[] {
  const targets = targetForms(request.target);
  return request.hosts.flatMap((host) => targets.map((target) => stringToSign(request, signedHeaders, { target, host })));
}

function stringToSign(
  request: SignedRequest,
  signedHeaders: readonly string[],
  form: { readonly target: string; readonly host: string },
): string {
  const values = signedHeaders.map((name) => (name === 'host' ? form.host : (request.header(name) ?? '')));
  return `${request.method}\n${form.target}\n${values.join(';')}`;
}

function targetForms(target: string): string[] {
  const forms = new Set([target]);
  const mark = target.indexOf('?');
  if (mark !== -1) forms.add(`${target.slice(0, mark)}?${new URLSearchParams(target.slice(mark + 1)).toString()}`);
  const decoded = decodeTarget(target);
  if (decoded !== undefined) forms.add(decoded);
  for (const form of [...forms]) if (form.startsWith('/')) forms.add(form.slice(1));
  return [...forms];
}

function decodeTarget(target: string): string | undefined {
  try {
    return decodeURIComponent(target);
  } catch {
    return undefined;
  }
}

/** The key that made the signature over one of the candidate texts, compared in constant time. */
export function findSigningKey(candidates: readonly string[], keys: readonly AccessKey[], signature: Buffer): AccessKey | undefined {
  for (const text of candidates) {
    for (const key of keys) {
      const expected = createHmac('sha256', key.secret).update(text, 'utf8').digest();
      if (timingSafeEqual(expected, signature)) return key;
    }
  }
  return undefined;
}
