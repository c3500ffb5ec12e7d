import type { AdminApi } from '../admin-api.ts';

/** One line of `GET /admin/requests`. */
export interface RequestRecord {
  readonly id: string;
  /** When it was answered, ISO 8601. */
  readonly time: string;
  /** Empty for what could not be read as a request. */
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly operation?: string;
  readonly resource?: string;
  /** Raw id of a user; otherwise the kind of the credential. */
  readonly caller?: string;
  readonly code?: string;
  readonly rule?: string;
  readonly limit?: { readonly name: string; readonly value: number; readonly preset: string };
  readonly target?: string;
  readonly cause?: string;
  readonly cure?: string;
  /** Name of the fault rule that had a hand in the answer. */
  readonly fault?: string;
}

export interface RequestMessage {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** `text` is the whole of `bytes`, or the beginning. */
  readonly body?: { readonly text: string; readonly bytes: number; readonly complete: boolean };
}

/** What `GET /admin/requests/{id}` tells. */
export interface RequestDetail extends RequestRecord {
  readonly inspection: 'on' | 'off' | 'dropped';
  readonly request?: RequestMessage;
  readonly response?: RequestMessage;
}

export interface RequestList {
  /** Newest first. */
  readonly value: readonly RequestRecord[];
  /** Newer than `after`, but beyond `limit`. */
  readonly leftOut: number;
}

/** One row of `GET /admin/limits`; `null` means not limited. */
export interface LimitRow {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly handbook: number | null;
  readonly azure: number | null;
}

export function listRequests(api: AdminApi, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<RequestList> {
  return api.call<RequestList>(`/admin/requests?${new URLSearchParams(query).toString()}`, { signal });
}

export function getRequest(api: AdminApi, id: string, signal: AbortSignal): Promise<RequestDetail> {
  return api.call<RequestDetail>(`/admin/requests/${encodeURIComponent(id)}`, { signal });
}

export async function listLimits(api: AdminApi, signal: AbortSignal): Promise<readonly LimitRow[]> {
  return (await api.call<{ readonly value: readonly LimitRow[] }>('/admin/limits', { signal })).value;
}
