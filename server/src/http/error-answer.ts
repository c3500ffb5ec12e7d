import { ApiError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { UnavailableError } from '../storage/index.ts';
import type { Answer } from './answer.ts';
import { httpErrors } from './errors.ts';
import type { Exchange } from './exchange.ts';

/** The one place where anything thrown becomes an ACS error envelope; the exchange remembers it. */
export function errorAnswer(error: unknown, exchange: Exchange, log: Log): Answer {
  const known = toApiError(error);
  if (known !== error && known.status >= 500) log.error({ err: error, requestId: exchange.requestId }, 'a request failed');
  else if (known.status >= 500) log.warn({ err: error, requestId: exchange.requestId }, 'a request was put off');
  exchange.refusal = known;
  const headers = ['content-type', 'application/json; charset=utf-8', 'x-ms-error-code', known.code];
  if (known.retryAfterSeconds !== undefined) headers.push('retry-after', String(known.retryAfterSeconds));
  if (known.status === 401) headers.push('www-authenticate', 'HMAC-SHA256, Bearer');
  if (known.status === 405 && exchange.allowedMethods.length > 0) headers.push('allow', exchange.allowedMethods.join(', '));
  return { status: known.status, headers, body: JSON.stringify(envelope(known)) };
}

function envelope(error: ApiError): object {
  const { code, message, target, details } = error;
  return { error: { code, message, ...(target === undefined ? {} : { target }), ...(details === undefined ? {} : { details }) } };
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return error instanceof UnavailableError ? httpErrors.unavailable(error.reason) : httpErrors.internal();
}
