import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiError } from '../lib/errors.ts';
import { httpErrors } from './errors.ts';
import { exchangeOf } from './exchange.ts';
import { parseJsonBody } from './json-body.ts';

/** Parsers that keep the received bytes: signatures and repeatable requests are about bytes, not about what they mean. */
export function installParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(['application/json', 'application/merge-patch+json'], { parseAs: 'buffer' }, (request, body, done) => {
    exchangeOf(request.raw).rawBody = body;
    try {
      done(null, parseJsonBody(body));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (request, body, done) => {
    exchangeOf(request.raw).rawBody = body;
    done(null, undefined);
  });
}

/** What is wrong with the content of a request as a whole: its signed hash, or its type. */
export function refusalOfContent(request: FastifyRequest, takesText: boolean): ApiError | undefined {
  const { rawBody, route, signedContentHash } = exchangeOf(request.raw);
  if (signedContentHash !== undefined) {
    const computed = hashOf(rawBody);
    if (computed !== signedContentHash) return httpErrors.contentHash(computed);
  }
  const unread = !takesText && rawBody !== undefined && rawBody.length > 0 && request.body === undefined;
  return unread && route !== undefined ? httpErrors.mediaType(request.headers['content-type'] ?? '') : undefined;
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
