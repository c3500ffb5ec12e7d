import { ERROR_CODES, type ErrorCode } from '@switchboard/contract';

/** What a refused caller is told beyond the envelope, by `GET /admin/requests/{id}` and `switchboard why`. */
export interface Explanation {
  /** Short stable name of the rule that refused, e.g. `token.expired`. */
  readonly rule: string;
  /** What to do about it, as an instruction. */
  readonly cure: string;
  /** The limit that refused, with its value and the preset in force. */
  readonly limit?: { readonly name: string; readonly value: number; readonly preset: string };
  /** Who was refused, where the credential proves it although it does not admit any more. */
  readonly caller?: string;
}

export interface ApiErrorOptions {
  readonly target?: string;
  readonly details?: readonly ErrorDetail[];
  /** What exactly is wrong, where the service puts it one level deeper. */
  readonly innerError?: ErrorDetail;
  readonly explanation?: Explanation;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/**
 * The one error a caller may see. Features make them by named factories in their `errors.ts`; only `http/` turns them
 * into the envelope `{ error: { code, message, target, details } }`. Every other error becomes a bare 500.
 */
export class ApiError extends Error {
  /** HTTP status, which the contract fixes for each code. */
  readonly status: number;
  readonly code: ErrorCode;
  readonly target: string | undefined;
  readonly details: readonly ErrorDetail[] | undefined;
  readonly innerError: ErrorDetail | undefined;
  readonly explanation: Explanation | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: ApiErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.status = ERROR_CODES[code];
    this.code = code;
    this.target = options.target;
    this.details = options.details;
    this.innerError = options.innerError;
    this.explanation = options.explanation;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A call on an object that was closed before. */
export class InvalidStateError extends Error {
  constructor(what: string) {
    super(`${what} is closed`);
    this.name = 'InvalidStateError';
  }
}

/** The text of anything thrown, for logs. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
