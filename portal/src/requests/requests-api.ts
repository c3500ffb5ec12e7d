import type { LimitRow, RequestDetail, RequestMessage, RequestRecord } from '@switchboard/contract';
import type { AdminApi } from '../admin-api.ts';

export type { LimitRow, RequestDetail, RequestMessage, RequestRecord };

export interface RequestList {
  /** Newest first. */
  readonly value: readonly RequestRecord[];
  /** Newer than `after`, but beyond `limit`. */
  readonly leftOut: number;
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
