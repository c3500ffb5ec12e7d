import type { ErrorCode } from '@switchboard/contract';
import type { ApiError, ErrorDetail } from '../lib/errors.ts';
import { httpErrors } from './errors.ts';

/** What an API calls the same refusals. */
export interface Dialect {
  codeOf(error: ApiError): ErrorCode;
  detailsOf(error: ApiError): readonly ErrorDetail[] | undefined;
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

/** By the request target, which is known before any route is. */
export function dialectOf(target: string): Dialect {
  if (isArmTarget(target)) return ARM;
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
