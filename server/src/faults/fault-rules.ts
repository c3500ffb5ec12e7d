import type { FaultRule, FaultRuleInForce } from '@switchboard/contract';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { DeliveryEffect, PushEffect, RequestEffect } from './effects.ts';
import { faultErrors } from './errors.ts';
import type { DeliverySubject, FindResource, PushSubject, RequestSubject, SocketSubject } from './matchers.ts';
import { type Rule, ruleOf, shown } from './rule.ts';
import { RuleList, type Strike } from './rule-list.ts';

export interface FaultRulesOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly findResource: FindResource;
}

/** Goes through the open live connections, and does to each what `strike` gives for it. */
type NowListener = (strike: (socket: SocketSubject) => Strike<PushEffect> | undefined) => void;

/** What the rules do to requests, for whoever serves them. */
export type RequestFaults = Pick<RuleList<RequestSubject, RequestEffect>, 'isActive' | 'strike'>;

/** What the rules do to deliveries of events, for whoever makes them. */
export type DeliveryFaults = Pick<RuleList<DeliverySubject, DeliveryEffect>, 'isActive' | 'strike'>;

/** What the rules do to live push, for whoever carries it. */
export interface PushFaults {
  readonly pushes: Pick<RuleList<PushSubject, PushEffect>, 'isActive' | 'strike'>;
  onNow(listener: NowListener): void;
}

const MAX_RULES = 100;
/** A name stands in a header and in paths. */
const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** The fault rules in force, in the order in which they are asked. In memory: gone after a restart. */
export class FaultRules {
  readonly requests = new RuleList<RequestSubject, RequestEffect>();
  readonly pushes = new RuleList<PushSubject, PushEffect>();
  readonly deliveries = new RuleList<DeliverySubject, DeliveryEffect>();
  readonly #options: FaultRulesOptions;
  #rules: readonly Rule[] = [];
  #onNow: NowListener = () => undefined;

  constructor(options: FaultRulesOptions) {
    this.#options = options;
  }

  /** Sets who carries out rules about connections that are open when the rule is set. */
  onNow(listener: NowListener): void {
    this.#onNow = listener;
  }

  list(): FaultRuleInForce[] {
    return this.#rules.map(shown);
  }

  /**
   * Puts these in the place of all rules, and counts from nothing.
   *
   * @throws ApiError 400 naming the field that is wrong; then everything stays as it was
   */
  set(sent: readonly FaultRule[]): FaultRuleInForce[] {
    this.#use([], sent, (i) => `rules[${i}].`);
    return this.list();
  }

  /** @throws ApiError 400 naming the field that is wrong, 409 when there are too many */
  add(sent: FaultRule): FaultRuleInForce {
    if (this.#rules.length >= MAX_RULES) throw faultErrors.tooMany(MAX_RULES);
    const [rule] = this.#use(this.#rules, [sent], () => '');
    return shown(rule as Rule);
  }

  /** @throws ApiError 404 */
  remove(name: string): void {
    const others = this.#rules.filter(({ given }) => given.name !== name);
    if (others.length === this.#rules.length) throw faultErrors.unknown(name);
    this.#replace(others);
  }

  clear(): void {
    this.#replace([]);
  }

  #use(kept: readonly Rule[], sent: readonly FaultRule[], at: (index: number) => string): readonly Rule[] {
    const names = namesOf(sent, new Set(kept.map(({ given }) => given.name)), at);
    const rules = sent.map((rule, i) => ruleOf(rule, { ...this.#options, at: at(i), name: names[i] as string }));
    this.#replace([...kept, ...rules]);
    for (const { onSocket } of rules) {
      if (onSocket === undefined) continue;
      const { name: rule, effect, gate } = onSocket;
      this.#onNow((socket) => (onSocket.matches(socket) && gate.strikes() ? { rule, effect } : undefined));
      gate.close();
    }
    return rules;
  }

  #replace(rules: readonly Rule[]): void {
    this.#rules = rules;
    this.requests.replace(rules.flatMap(({ onRequest = [] }) => onRequest));
    this.deliveries.replace(rules.flatMap(({ onDelivery = [] }) => onDelivery));
    this.pushes.replace(rules.flatMap(({ onPush = [] }) => onPush));
  }
}

/** The names of rules; those without one get the first free number. @throws ApiError 400 */
function namesOf(sent: readonly FaultRule[], taken: Set<string>, at: (index: number) => string): readonly string[] {
  for (const [i, { name }] of sent.entries()) {
    if (name === undefined) continue;
    if (!NAME.test(name))
      throw faultErrors.invalid(`${at(i)}name`, 'must be letters and digits, with dots, hyphens and underscores inside');
    if (taken.has(name)) throw faultErrors.invalid(`${at(i)}name`, 'is the name of another rule');
    taken.add(name);
  }
  return sent.map(({ name }) => name ?? freeName(taken));
}

function freeName(taken: Set<string>): string {
  for (let n = 1; ; n++) {
    const name = `rule-${n}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}
