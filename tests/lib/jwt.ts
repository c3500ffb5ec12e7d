import { constants, createHmac, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface DecodedJwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

export const JWT_PARTS = ['header', 'payload', 'signature'] as const;
export type JwtPart = (typeof JWT_PARTS)[number];

/** Header and claims, unverified. */
export function decodeJwt(token: string): DecodedJwt {
  const [header = '', payload = ''] = token.split('.');
  return { header: decode(header), claims: decode(payload) };
}

/** Whether `key` made the RS256 signature of `token` (RFC 7518 section 3.3). */
export function verifiesWith(token: string, key: JsonWebKey): boolean {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const publicKey = createPublicKey({ key, format: 'jwk' });
  return verify('sha256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'));
}

/** The token with one character in the middle of one part replaced by another of its alphabet. */
export function editJwt(token: string, part: JwtPart): string {
  const parts = token.split('.');
  const at = JWT_PARTS.indexOf(part);
  const text = parts[at]!;
  const middle = Math.floor(text.length / 2);
  parts[at] = `${text.slice(0, middle)}${text[middle] === 'A' ? 'B' : 'A'}${text.slice(middle + 1)}`;
  return parts.join('.');
}

/** A JWT with the given header and claims, signed as its `alg` says: RS256 or PS256 with a key, HS256 with bytes, `none` with nothing. */
export function makeJwt({ header, claims }: DecodedJwt, key?: KeyObject | string): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${signatureOf(signed, header['alg'], key)}`;
}

function signatureOf(text: string, algorithm: unknown, key: KeyObject | string | undefined): string {
  if (key === undefined) return '';
  if (typeof key === 'string') return createHmac('sha256', key).update(text).digest('base64url');
  const padding = algorithm === 'PS256' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
  return sign('sha256', Buffer.from(text), { key, ...padding }).toString('base64url');
}

function encode(part: JsonObject): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function decode(part: string): JsonObject {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as JsonObject;
}
