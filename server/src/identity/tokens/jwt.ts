import { sign, verify } from 'node:crypto';
import { identityErrors } from '../errors.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** Signs a JWT with RS256, RFC 7515 section 3. The header names the key as the service's own tokens do. */
export function signJwt(claims: Claims, key: SigningKey): string {
  const signed = `${encode({ alg: 'RS256', kid: key.kid, x5t: key.kid, typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key.privateKey).toString('base64url')}`;
}

const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * The claims of a JWT of ours. The algorithm is ours to choose, never the token's (RFC 8725 section 3.1).
 *
 * @throws ApiError 401
 */
export function verifyJwt(token: string, keys: SigningKeys): Claims {
  if (token.length > 8_192 || !FORM.test(token)) throw identityErrors.malformedToken('it does not have three base64url parts');
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { alg, kid } = decode(header);
  if (alg !== 'RS256') throw identityErrors.malformedToken('its algorithm is not RS256');
  const key = typeof kid === 'string' ? keys.publicKey(kid) : undefined;
  if (key === undefined) throw identityErrors.malformedToken('this server has no key of its key id');
  const bytes = Buffer.from(signature, 'base64url');
  // One signature has one text: trailing bits that decode to the same bytes are refused.
  if (bytes.toString('base64url') !== signature || !verify('sha256', Buffer.from(`${header}.${payload}`), key, bytes))
    throw identityErrors.wrongSignature();
  return decode(payload);
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function decode(part: string): Claims {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch (cause) {
    throw Object.assign(identityErrors.malformedToken('a part of it is not JSON'), { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw identityErrors.malformedToken('a part of it is not a JSON object');
  return value as Claims;
}
