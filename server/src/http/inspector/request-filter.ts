import { callerOf, resourceOf, ruleOf } from './request-record.ts';
import type { RequestEntry } from './request-entry.ts';

/** Which requests are asked for; what is undefined does not matter. */
export interface RequestFilter {
  readonly method?: string | undefined;
  readonly operation?: string | undefined;
  /** A status, or a class of them such as `4xx`. */
  readonly status?: string | undefined;
  /** Part of the path, without the query. */
  readonly path?: string | undefined;
  /** Part of the caller's raw id, or the kind of a caller that is no user. */
  readonly caller?: string | undefined;
  readonly resource?: string | undefined;
  readonly rule?: string | undefined;
  readonly refused?: boolean | undefined;
  /** `false` leaves out the admin API and the portal. */
  readonly admin?: boolean | undefined;
}

export function matches(entry: RequestEntry, filter: RequestFilter): boolean {
  return (
    (filter.refused !== true || entry.status >= 400 || entry.status === 0) &&
    (filter.admin !== false || !isOurs(entry)) &&
    (filter.status === undefined || isOfStatus(entry.status, filter.status)) &&
    is(ruleOf(entry), filter.rule) &&
    matchesRequest(entry, filter) &&
    matchesCaller(entry, filter)
  );
}

function matchesRequest(entry: RequestEntry, { method, operation, path }: RequestFilter): boolean {
  return (
    is(entry.method, method?.toUpperCase()) && is(entry.operation?.id, operation) && (path === undefined || pathOf(entry).includes(path))
  );
}

function matchesCaller(entry: RequestEntry, { caller, resource }: RequestFilter): boolean {
  const isOfCaller = caller === undefined || (callerOf(entry)?.includes(caller) ?? false);
  return isOfCaller && is(entry.caller === undefined ? undefined : resourceOf(entry.caller), resource);
}

function is(actual: string | undefined, wanted: string | undefined): boolean {
  return wanted === undefined || actual === wanted;
}

function isOfStatus(status: number, wanted: string): boolean {
  return wanted.endsWith('xx') ? Math.floor(status / 100) === Number(wanted[0]) : status === Number(wanted);
}

/** Also in the decoded spelling, in which thread ids stand in answers: `19:…@thread.v2`. */
function pathOf({ target }: RequestEntry): string {
  const [path = ''] = target.split('?', 1);
  return path.includes('%') ? `${path} ${decode(path)}` : path;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}

function isOurs({ target, operation }: RequestEntry): boolean {
  return operation === undefined ? /^\/{1,2}(?:admin|portal)(?:[/?:]|$)|^\/(?:\?|$)/.test(target) : operation.auth === 'admin';
}
