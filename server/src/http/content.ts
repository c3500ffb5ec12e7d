import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { httpErrors } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { parseJsonBody } from './json-body.ts';

const JSON_TYPE = /^application\/(?:merge-patch\+)?json\s*(?:;|$)/i;

/** The bytes that came are those that were signed, where the signature covers them. @throws ApiError 401 */
export function checkContentHash({ rawBody, signedContentHash }: Exchange): void {
  if (signedContentHash === undefined) return;
  const computed = hashOf(rawBody);
  if (computed !== signedContentHash) throw httpErrors.contentHash(computed);
}

/**
 * What the received bytes mean as JSON; undefined when there are none.
 *
 * @throws ApiError 415 for bytes of another type, 400 for malformed JSON
 */
export function parseContent(rawBody: Buffer | undefined, contentType: string | undefined): unknown {
  if (rawBody === undefined) return undefined;
  if (contentType === undefined || !JSON_TYPE.test(contentType)) throw httpErrors.mediaType(contentType ?? '');
  return parseJsonBody(rawBody);
}

/** SHA-256 of a body's bytes, base64; an absent body counts as an empty one. */
export function hashOf(body: Buffer | undefined): string {
  return hash('sha256', body ?? '', 'base64');
}

/** A body that is text. @throws ApiError 400 when it is not UTF-8 */
export function textOf(body: Buffer | undefined): string {
  if (body === undefined) return '';
  if (!isUtf8(body)) throw httpErrors.invalid('body', 'is not UTF-8');
  return body.toString('utf8');
}
