/** A failed call in the words of the page. */
export interface Failure {
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  readonly code: string;
  readonly message: string;
  /** For `switchboard why`. */
  readonly requestId?: string;
  /** What to do about it, where the page knows. */
  readonly hint?: string;
}

interface ServiceError extends Error {
  readonly statusCode?: number;
  readonly status?: number;
  readonly code?: string;
  readonly requestId?: string | undefined;
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

/** From an error of the SDK (`RestError`), of the admin API, or any other. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: 'Unknown', message: String(error) };
  const service: ServiceError = error;
  const status = service.statusCode ?? service.status;
  const requestId = service.requestId ?? service.response?.headers?.get('x-ms-request-id');
  const hint = hintFor(status);
  return {
    code: service.code ?? (status ? String(status) : service.name),
    message: service.message,
    ...(status && { status }),
    ...(requestId && { requestId }),
    ...(hint && { hint }),
  };
}

function hintFor(status: number | undefined): string | undefined {
  if (status === 401) return 'Choose Start over for new users and tokens.';
  if (status === 501) return 'This server does not offer the operation yet.';
  return undefined;
}
