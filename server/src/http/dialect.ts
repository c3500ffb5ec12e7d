import type { ErrorCode } from '@switchboard/contract';
import type { ApiError, ErrorDetail } from '../lib/errors.ts';
import { httpErrors } from './errors.ts';

/** What an API calls the same refusals. */
export interface Dialect {
  codeOf(error: ApiError): ErrorCode;
  detailsOf(error: ApiError): readonly ErrorDetail[] | undefined;
  /** What is answered in the place of an error envelope. */
  problemOf?(error: ApiError, requestId: string): object | undefined;
}

const ACS: Dialect = { codeOf: ({ code }) => code, detailsOf: ({ details }) => details };

/** Resource management (ARM): the codes of its resource providers. */
const ARM_CODES: Partial<Record<ErrorCode, ErrorCode>> = {
  ApiVersionUnspecified: 'MissingApiVersionParameter',
  UnsupportedApiVersion: 'InvalidApiVersionParameter',
  BadRequest: 'InvalidRequest',
  Unauthorized: 'AuthenticationFailed',
  Denied: 'AuthenticationFailed',
  NotFound: 'ResourceNotFound',
};
const ARM: Dialect = { codeOf: ({ code }) => ARM_CODES[code] ?? code, detailsOf: ({ details }) => details };

/** Publishing to a topic: what is wrong is said in the details again (wire/event-grid.md 3). */
const TOPICS: Dialect = {
  codeOf: ({ code }) => code,
  detailsOf: ({ code, message, details }) => details ?? [{ code, message }],
};

const TITLES: Partial<Record<ErrorCode, readonly [title: string, section: string]>> = {
  BadRequest: ['One or more validation errors occurred.', '15.5.1'],
  NotFound: ['Not Found', '15.5.5'],
};

/** SMS: what is wrong with a request, and a missing report, are told by problem documents (RFC 9457); see wire/rest-services.md 4. */
const SMS: Dialect = {
  ...ACS,
  problemOf({ code, status, target, message }, requestId) {
    const [title, section] = TITLES[code] ?? [];
    if (title === undefined) return undefined;
    const type = `https://tools.ietf.org/html/rfc9110#section-${section}`;
    return { type, title, status, errors: { [target ?? 'request']: [message] }, traceId: requestId };
  },
};

/** By the request target, which is known before any route is. */
export function dialectOf(target: string): Dialect {
  if (isArmTarget(target)) return ARM;
  if (/^\/{1,2}(?:sms|deliveryReports)(?:[/?]|$)/.test(target)) return SMS;
  return /^\/{1,2}topics\//i.test(target) ? TOPICS : ACS;
}

/** Whether a request target is one of resource management. Some clients encode the slashes of ids. */
export function isArmTarget(target: string): boolean {
  return /^\/{1,2}(?:(?:%2f)?subscriptions(?:%2f|[/?]|$)|providers(?:[/?]|$))/i.test(target);
}

/** Types of resources that the provider has and this server has not. */
const MISSING = /\/providers\/Microsoft\.EventGrid\/(domains|namespaces|partner\w{1,30}|verifiedPartners)(?:[/?]|$)/i;

/** Why a path of resource management leads nowhere. */
export function unknownResourceType(target: string): ApiError {
  const missing = MISSING.exec(target)?.[1];
  return missing === undefined ? httpErrors.notFound() : httpErrors.resourceTypeMissing(missing);
}
