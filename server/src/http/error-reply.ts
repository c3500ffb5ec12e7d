import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { UnavailableError } from '../storage/index.ts';
import { httpErrors } from './errors.ts';
import { exchangeOf } from './exchange.ts';

export interface ErrorContext {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly log: Log;
  readonly maxBodyBytes: number;
}

/** The one place where anything thrown becomes an ACS error envelope; the exchange remembers it. */
export function answerError(error: unknown, context: ErrorContext): FastifyReply {
  const { request, reply, log } = context;
  const exchange = exchangeOf(request.raw);
  const known = toApiError(error, context);
  if (known.status >= 500) log.error({ err: error, requestId: exchange.requestId }, 'a request failed');
  exchange.refusal = known;
  if (known.retryAfterSeconds !== undefined) void reply.header('retry-after', String(known.retryAfterSeconds));
  if (known.status === 401) void reply.header('www-authenticate', 'HMAC-SHA256, Bearer');
  if (known.status === 405 && exchange.allowedMethods.length > 0) void reply.header('allow', exchange.allowedMethods.join(', '));
  void reply.header('x-ms-error-code', known.code);
  // Serialised here: the response schemas of an operation describe its successes only.
  return reply.code(known.status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(envelope(known));
}

function envelope(error: ApiError): object {
  const { code, message, target, details } = error;
  return { error: { code, message, ...(target === undefined ? {} : { target }), ...(details === undefined ? {} : { details }) } };
}

function toApiError(error: unknown, context: ErrorContext): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof UnavailableError) return httpErrors.unavailable(error.reason);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return httpErrors.tooLarge(context.maxBodyBytes);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return httpErrors.mediaType(context.request.headers['content-type'] ?? '');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return httpErrors.invalid('Content-Length', 'differs from the size of the body');
    case 'ECONNRESET':
      // The same code comes from connections of our own, e.g. to a database; those leave the request complete.
      return context.request.raw.complete ? httpErrors.internal() : httpErrors.bodyCutOff();
    default:
      return httpErrors.internal();
  }
}
