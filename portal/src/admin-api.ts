import type { RequestRecord, ServerStatus } from '@switchboard/contract';

export type { ServerStatus };

/** The resource that every server has; users are created in it unless another is named. */
export const defaultResource = 'local';

export interface IssuedIdentity {
  readonly identity: { readonly id: string };
  readonly accessToken: { readonly token: string; readonly expiresOn: string };
}

/** A refusal by the admin API; `status` 0 means that the server did not answer at all. */
export class AdminApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(message: string, details: { status: number; code: string; requestId?: string | undefined; cause?: unknown }) {
    super(message, { cause: details.cause });
    this.name = 'AdminApiError';
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
  }
}

/** The part of the admin API that the portal uses, on the origin that served the page. */
export class AdminApi {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  status(signal?: AbortSignal): Promise<ServerStatus> {
    return this.call<ServerStatus>('/admin/status', signal ? { signal } : {});
  }

  /** Creates a communication user of the default resource with an access token for chat. */
  createIdentity(): Promise<IssuedIdentity> {
    return this.call<IssuedIdentity>('/admin/identities', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ scopes: ['chat'] }),
    });
  }

  async refusedRequests(signal?: AbortSignal): Promise<readonly RequestRecord[]> {
    const page = await this.call<{ value: readonly RequestRecord[] }>('/admin/requests?limit=20&refused=true', signal ? { signal } : {});
    return page.value;
  }

  /** Calls one operation of the admin API. @throws AdminApiError */
  async call<T>(path: string, init: RequestInit = {}): Promise<T> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${this.#key}`);
    const response = await fetch(path, { ...init, headers, cache: 'no-store' }).catch((cause: unknown) => {
      if (init.signal?.aborted) throw cause;
      throw new AdminApiError('The server does not answer.', { status: 0, code: 'Unreachable', cause });
    });
    if (!response.ok) throw await toError(response);
    // Portal and server are released together, so the shape is known.
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

async function toError(response: Response): Promise<AdminApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = isErrorBody(body) ? body.error : undefined;
  return new AdminApiError(error?.message ?? `The server answered ${response.status}.`, {
    status: response.status,
    code: error?.code ?? String(response.status),
    requestId: response.headers.get('x-ms-request-id') ?? undefined,
  });
}

function isErrorBody(body: unknown): body is { error: { code?: string; message?: string } } {
  return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'object' && body.error !== null;
}
