import type { RequestDetail, RequestMessage, RequestRecord } from '@switchboard/contract';
import type { Caller } from '../exchange.ts';
import { maskTarget, maskText } from './masking.ts';
import type { Body, RequestEntry } from './request-entry.ts';

/** One line of `GET /admin/requests`: no body and no credential. */
export function recordOf(entry: RequestEntry): RequestRecord {
  const { caller, refusal, operation, fault } = entry;
  return {
    id: entry.id,
    time: new Date(entry.answeredAtMs).toISOString(),
    method: entry.method,
    path: maskTarget(entry.target, operation),
    status: entry.status,
    durationMs: Math.round(entry.durationMs * 1000) / 1000,
    ...(operation === undefined ? {} : { operation: operation.id }),
    ...optional('resource', caller === undefined ? undefined : resourceOf(caller)),
    ...optional('caller', callerOf(entry)),
    ...(refusal === undefined ? {} : { code: refusal.code, cause: refusal.message }),
    ...optional('target', refusal?.target),
    ...optional('rule', ruleOf(entry)),
    ...optional('cure', refusal?.explanation?.cure),
    ...optional('limit', refusal?.explanation?.limit),
    ...(fault === undefined ? {} : explained(fault)),
  };
}

/** The same with headers and bodies, without the credentials in them. */
export function detailOf(entry: RequestEntry, isInspecting: boolean): RequestDetail {
  const { traffic } = entry;
  if (traffic === undefined) return { ...recordOf(entry), inspection: isInspecting ? 'dropped' : 'off' };
  const { requestHeaders, requestBody, responseHeaders, responseBody } = traffic;
  return {
    ...recordOf(entry),
    inspection: 'on',
    request: messageOf(requestHeaders, requestBody),
    response: messageOf(responseHeaders, responseBody),
  };
}

/** What decided: the rule that refused, or a fault rule whatever its name. */
export function ruleOf({ refusal, fault }: RequestEntry): string | undefined {
  return fault === undefined ? refusal?.explanation?.rule : 'fault.injected';
}

function explained({ rule, cause }: NonNullable<RequestEntry['fault']>): Partial<RequestRecord> {
  const cure = `Remove the rule: DELETE /admin/faults/rules/${rule}, or all of them: DELETE /admin/faults/rules.`;
  return { fault: rule, cause, cure };
}

/** Who called, as far as the credential proves it; also where it proves it too late. */
export function callerOf({ caller, refusal }: RequestEntry): string | undefined {
  if (caller === undefined) return refusal?.explanation?.caller;
  return caller.kind === 'user' ? caller.identity : caller.kind;
}

export function resourceOf(caller: Caller): string | undefined {
  return 'resource' in caller ? caller.resource.name : undefined;
}

function messageOf(namesAndValues: readonly string[], body: Body | undefined): RequestMessage {
  const headers = namesAndValues.flatMap((name, i) => (i % 2 === 0 ? [{ name, value: namesAndValues[i + 1] ?? '' }] : []));
  if (body === undefined) return { headers };
  return { headers, body: { text: maskText(body.shown), bytes: body.bytes, complete: body.isWhole } };
}

function optional<const K extends string, V>(name: K, value: V | undefined): { readonly [name in K]?: V } {
  // The type of a computed member is not narrowed to its one name.
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in K]?: V };
}
