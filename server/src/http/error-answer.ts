import { ApiError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { UnavailableError } from '../storage/index.ts';
import type { Answer } from './answer.ts';
import { dialectOf } from './dialect.ts';
import { httpErrors } from './errors.ts';
import type { Exchange } from './exchange.ts';

/** The one place where anything thrown becomes an error envelope, or what else is answered, in the words of the API that was called; the exchange remembers it. */
export function errorAnswer(error: unknown, exchange: Exchange, log: Log): Answer {
  const known = toApiError(error);
  if (known !== error && known.status >= 500) log.error({ err: error, requestId: exchange.requestId }, 'a request failed');
  else if (known.status >= 500) log.warn({ err: error, requestId: exchange.requestId }, 'a request was put off');
  exchange.refusal = known;
  const dialect = dialectOf(exchange.routed);
  const code = dialect.codeOf(known);
  const problem = dialect.problemOf?.(known, exchange.requestId);
  const type = problem === undefined ? 'application/json' : 'application/problem+json';
  const headers = ['content-type', `${type}; charset=utf-8`, 'x-ms-error-code', code];
  if (known.retryAfterSeconds !== undefined) headers.push('retry-after', String(known.retryAfterSeconds));
  if (known.status === 401) headers.push('www-authenticate', 'HMAC-SHA256, Bearer');
  if (known.status === 405 && exchange.allowedMethods.length > 0) headers.push('allow', exchange.allowedMethods.join(', '));
  return {
    status: known.status,
    headers,
    body: JSON.stringify(problem ?? envelope(known, { code, details: dialect.detailsOf(known) })),
  };
}

function envelope({ message, target, innerError }: ApiError, { code, details }: Pick<ApiError, 'code' | 'details'>): object {
  return {
    error: {
      code,
      message,
      ...(target === undefined ? {} : { target }),
      ...(details === undefined ? {} : { details }),
      ...(innerError === undefined ? {} : { innererror: innerError }),
    },
  };
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return error instanceof UnavailableError ? httpErrors.unavailable(error.reason) : httpErrors.internal();
}
