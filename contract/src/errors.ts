/**
 * Every error code a caller can receive, with its status. The reference docs list the same table; a test holds them
 * together. Codes of the published ACS definitions where they exist, our own where those are silent.
 */
export const ERROR_CODES = {
  ApiVersionUnspecified: 400,
  UnsupportedApiVersion: 400,
  BadRequest: 400,
  InvalidRequest: 400,
  InvalidInput: 400,
  MissingApiVersionParameter: 400,
  InvalidApiVersionParameter: 400,
  Denied: 401,
  Unauthorized: 401,
  AuthenticationFailed: 401,
  Forbidden: 403,
  NotFound: 404,
  ResourceNotFound: 404,
  MethodNotAllowed: 405,
  Conflict: 409,
  PayloadTooLarge: 413,
  UnsupportedMediaType: 415,
  UnprocessableConfiguration: 422,
  UpgradeRequired: 426,
  TooManyRequests: 429,
  HeadersTooLarge: 431,
  InternalError: 500,
  NotImplemented: 501,
  ServiceUnavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
