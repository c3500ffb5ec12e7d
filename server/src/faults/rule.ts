import type { FaultRule, FaultRuleInForce } from '@switchboard/contract';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import { chanceOf } from './chance.ts';
import { type DeliveryEffect, deliveryEffectOf, liveEffectOf, type PushEffect, type RequestEffect, requestEffectOf } from './effects.ts';
import { faultErrors } from './errors.ts';
import { Gate } from './gate.ts';
import {
  deliveryMatcher,
  type DeliverySubject,
  type FindResource,
  type MatchContext,
  pushMatcher,
  type PushSubject,
  requestMatcher,
  type RequestSubject,
  socketMatcher,
  type SocketSubject,
} from './matchers.ts';

/** What strikes subjects of one kind. */
export interface Part<Subject, Effect> {
  readonly name: string;
  readonly gate: Gate;
  readonly effect: Effect;
  matches(subject: Subject): boolean;
}

/** A rule in force: as it was given, and one part that acts on it. */
export interface Rule {
  readonly given: FaultRule & { readonly name: string };
  readonly gate: Gate;
  readonly onRequest?: Part<RequestSubject, RequestEffect>;
  readonly onPush?: Part<PushSubject, PushEffect>;
  readonly onDelivery?: Part<DeliverySubject, DeliveryEffect>;
  readonly onSocket?: Part<SocketSubject, PushEffect>;
}

export interface RuleContext {
  readonly name: string;
  /** Path of the rule in what was sent, e.g. `rules[3].`; empty for a rule that was sent alone. */
  readonly at: string;
  readonly findResource: FindResource;
  readonly clock: Clock;
  readonly random: Random;
}

/** @throws ApiError 400 whose target is the wrong field */
export function ruleOf(sent: FaultRule, context: RuleContext): Rule {
  const { name, at, clock, random } = context;
  const { state: _ignored, ...rest } = sent;
  const { http, live, delivery, match = {} } = sent;
  checkShare(sent, at);
  const [first, second] = (['http', 'live', 'delivery'] as const).filter((kind) => sent[kind] !== undefined);
  if (second !== undefined) throw faultErrors.invalid(`${at}${second}`, `cannot stand beside ${first ?? ''}: a rule has one effect`);
  const chance = chanceOf(random, sent.seed);
  const gate = new Gate({ rule: sent, untilMs: untilOf(sent, at), clock, chance });
  const rule = { given: { ...rest, name }, gate };
  const matching: MatchContext = { match, at, findResource: context.findResource };
  if (http !== undefined) {
    const effect = requestEffectOf(http, { at: `${at}http`, chance });
    return { ...rule, onRequest: { name, gate, effect, matches: requestMatcher(matching) } };
  }
  if (delivery !== undefined) {
    const effect = deliveryEffectOf(delivery, `${at}delivery`);
    return { ...rule, onDelivery: { name, gate, effect, matches: deliveryMatcher(matching) } };
  }
  if (live === undefined) throw faultErrors.invalid(`${at}http`, 'or live or delivery is required: a rule has an effect');
  const { isNow, effect } = liveEffectOf(live, `${at}live`);
  return isNow
    ? { ...rule, onSocket: { name, gate, effect, matches: socketMatcher(matching) } }
    : { ...rule, onPush: { name, gate, effect, matches: pushMatcher(matching) } };
}

/** The rule as lists show it. */
export function shown({ given, gate }: Rule): FaultRuleInForce {
  return { ...given, state: gate.state };
}

function checkShare({ share, every, seed, http }: FaultRule, at: string): void {
  if (share !== undefined && every !== undefined) throw faultErrors.invalid(`${at}share`, 'cannot stand beside every');
  const usesChance = share !== undefined || typeof http?.latencyMs === 'object';
  if (seed !== undefined && !usesChance) throw faultErrors.invalid(`${at}seed`, 'says something only beside share or a range of latencyMs');
}

function untilOf({ until }: FaultRule, at: string): number {
  if (until === undefined) return Infinity;
  const ms = /^\d{4}-\d{2}-\d{2}T/.test(until) ? Date.parse(until) : NaN;
  if (Number.isNaN(ms)) throw faultErrors.invalid(`${at}until`, 'must be a time such as 2026-12-24T00:00:00Z');
  return ms;
}
