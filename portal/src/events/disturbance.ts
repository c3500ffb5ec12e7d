import { shortType } from './event-words.ts';
import type { FaultRule, FaultRuleInForce } from './events-api.ts';

/** What the form says; texts as they are typed. */
export interface Disturbance {
  readonly kind: 'duplicate' | 'reorder' | 'delay' | 'status';
  readonly delaySeconds: string;
  readonly status: string;
  /** Empty for any. */
  readonly subscription: string;
  readonly type: string;
  /** How often; empty for always. */
  readonly count: string;
}

const MAX_DELAY_SECONDS = 30;
const MAX_COUNT = 1_000_000;

export type Checked = { readonly rule: FaultRule; readonly problem?: never } | { readonly problem: string };

/** The rule for `POST /admin/faults/rules`, or what keeps it from being one. */
export function ruleOf({ kind, delaySeconds, status, subscription, type, count }: Disturbance): Checked {
  const delayMs = Math.round(Number(delaySeconds) * 1_000);
  if (kind === 'delay' && !(delayMs > 0 && delayMs <= MAX_DELAY_SECONDS * 1_000))
    return { problem: `A delay is more than 0 and at most ${MAX_DELAY_SECONDS} seconds.` };
  if (kind === 'status' && !isWhole(status, 400, 599)) return { problem: 'A status is from 400 to 599.' };
  if (count.trim() !== '' && !isWhole(count, 1, MAX_COUNT)) return { problem: 'How often: a number from 1, or nothing for always.' };
  const delivery = kind === 'delay' ? { delayMs } : kind === 'status' ? { status: Number(status) } : { [kind]: true };
  const match = { ...(subscription !== '' && { subscription }), ...(type.trim() !== '' && { eventType: type.trim() }) };
  return { rule: { match, delivery, ...(count.trim() !== '' && { count: Number(count) }) } };
}

function isWhole(text: string, from: number, to: number): boolean {
  const value = Number(text);
  return text.trim() !== '' && Number.isInteger(value) && value >= from && value <= to;
}

/** A rule in a line: "Delivers SMSReceived to hook twice, 1 of 3 times so far". */
export function describeRule({ delivery, match, count, state }: Pick<FaultRuleInForce, 'delivery' | 'match' | 'count' | 'state'>): string {
  const what = match?.eventType === undefined ? 'every event' : shortType(match.eventType);
  const to = match?.subscription === undefined ? '' : ` to ${match.subscription}`;
  const often = count === undefined ? `${times(state.struck)} so far` : `${state.struck} of ${count} times so far`;
  return `${actionOf(delivery, `${what}${to}`)}, ${often}`;
}

function actionOf(delivery: FaultRuleInForce['delivery'], what: string): string {
  if (delivery?.duplicate) return `Delivers ${what} twice`;
  if (delivery?.reorder) return `Delivers ${what} out of order`;
  if (delivery?.delayMs !== undefined) return `Delivers ${what} ${delivery.delayMs / 1_000} s late`;
  return `Answers ${what} with ${delivery?.status ?? 'a failure'}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
