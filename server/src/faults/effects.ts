import { type DeliveryFault, ERROR_CODES, type HttpFault, type LiveFault } from '@switchboard/contract';
import type { Chance } from './chance.ts';
import { faultErrors } from './errors.ts';

/** What becomes of a request. */
export type RequestEffect =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code: string;
      readonly message: string | undefined;
      readonly retryAfterSeconds: number | undefined;
    }
  | { readonly kind: 'latency'; readonly delayMs: () => number }
  | { readonly kind: 'dropBefore' | 'dropAfter' | 'truncate' };

/** What becomes of a live connection. */
export type SocketEffect = { readonly kind: 'dropSocket' | 'halfOpen' };

/** What becomes of a push, or of the connections it was for. */
export type PushEffect =
  SocketEffect | { readonly kind: 'duplicatePush' | 'losePush' | 'reorder' } | { readonly kind: 'latePush'; readonly delayMs: number };

/** What becomes of a delivery of events. */
export type DeliveryEffect =
  | { readonly kind: 'duplicate' | 'reorder' }
  | { readonly kind: 'delayMs'; readonly delayMs: number }
  | { readonly kind: 'status'; readonly status: number };

/** @throws ApiError 400 whose target begins with `at` */
export function deliveryEffectOf(fault: DeliveryFault, at: string): DeliveryEffect {
  const kind = onlyOne(['duplicate', 'delayMs', 'reorder', 'status'] as const, fault, at);
  switch (kind) {
    case 'delayMs':
      return { kind, delayMs: fault.delayMs ?? 0 };
    case 'status':
      return { kind, status: fault.status ?? 0 };
    default:
      return { kind };
  }
}

/** @throws ApiError 400 whose target begins with `at` */
export function requestEffectOf(fault: HttpFault, { at, chance }: { readonly at: string; readonly chance: Chance }): RequestEffect {
  const kind = onlyOne(['status', 'latencyMs', 'dropBefore', 'dropAfter', 'truncate'] as const, fault, at);
  for (const detail of ['code', 'message', 'retryAfterSeconds'] as const) {
    if (kind !== 'status' && fault[detail] !== undefined) throw faultErrors.invalid(`${at}.${detail}`, 'says something only beside status');
  }
  if (kind === 'status') return statusEffect(fault, fault.status ?? 0);
  return kind === 'latencyMs' ? latencyEffect(fault.latencyMs ?? 0, { at, chance }) : { kind };
}

/** @throws ApiError 400 whose target begins with `at` */
export function liveEffectOf(fault: LiveFault, at: string): { readonly isNow: boolean; readonly effect: PushEffect } {
  const kind = onlyOne(['dropSocket', 'halfOpen', 'duplicatePush', 'latePush', 'losePush', 'reorder'] as const, fault, at);
  if (kind === 'latePush') return { isNow: false, effect: { kind, delayMs: fault.latePush?.delayMs ?? 0 } };
  return { isNow: fault[kind] === 'now', effect: { kind } };
}

function statusEffect({ code, message, retryAfterSeconds }: HttpFault, status: number): RequestEffect {
  return { kind: 'status', status, code: code ?? codeOf(status), message, retryAfterSeconds };
}

function latencyEffect(
  latencyMs: NonNullable<HttpFault['latencyMs']>,
  { at, chance }: { readonly at: string; readonly chance: Chance },
): RequestEffect {
  const { min, max } = typeof latencyMs === 'number' ? { min: latencyMs, max: latencyMs } : latencyMs;
  if (min > max) throw faultErrors.invalid(`${at}.latencyMs.min`, 'must not be above max');
  return { kind: 'latency', delayMs: () => min + Math.floor(chance() * (max - min + 1)) };
}

/** The code that the contract has for a status; those without one get a name of their own. */
function codeOf(status: number): string {
  // The last is the general one: `ApiVersionUnspecified` and others come before `BadRequest`.
  return Object.entries(ERROR_CODES).findLast(([, known]) => known === status)?.[0] ?? 'InjectedFault';
}

function onlyOne<const K extends string>(kinds: readonly K[], fault: { readonly [key in K]?: unknown }, at: string): K {
  const given = kinds.filter((kind) => fault[kind] !== undefined);
  const [kind, other] = given;
  if (kind === undefined) throw faultErrors.invalid(at, `must have one of ${kinds.join(', ')}`);
  if (other !== undefined) throw faultErrors.invalid(`${at}.${other}`, `cannot stand beside ${kind}: a rule has one effect`);
  return kind;
}
