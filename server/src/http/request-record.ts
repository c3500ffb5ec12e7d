import { type Exchange } from './exchange.ts';
import type { RequestRecord } from './request-log.ts';

export interface FinishedRequest {
  readonly exchange: Exchange;
  readonly status: number;
  readonly nowMs: number;
  readonly durationMs: number;
}

/** What is remembered of a finished request: no body, no credential, and of the query only what is not secret. */
export function recordOf({ exchange, status, nowMs, durationMs }: FinishedRequest): RequestRecord {
  const { caller, refusal } = exchange;
  return {
    id: exchange.requestId,
    time: new Date(nowMs).toISOString(),
    method: exchange.method,
    path: pathOf(exchange.target),
    status,
    durationMs: Math.round(durationMs * 1000) / 1000,
    ...(caller !== undefined && 'resource' in caller ? { resource: caller.resource.name } : {}),
    ...(caller === undefined ? {} : { caller: caller.kind === 'user' ? caller.identity : caller.kind }),
    ...(refusal === undefined ? {} : { code: refusal.code, cause: refusal.message }),
    ...(refusal?.target === undefined ? {} : { target: refusal.target }),
    ...(refusal?.explanation === undefined ? {} : refusal.explanation),
  };
}

const LONGEST_PATH = 512;

/** The target without the query parameters of live-push sockets, which are credentials. */
function pathOf(target: string): string {
  const mark = target.indexOf('?');
  const version = mark === -1 ? undefined : /[?&](api-version=[^&]*)/.exec(target.slice(mark))?.[1];
  const path = mark === -1 ? target : `${target.slice(0, mark)}${version === undefined ? '' : `?${version}`}`;
  return path.slice(0, LONGEST_PATH);
}
