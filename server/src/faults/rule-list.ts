import type { Part } from './rule.ts';

/** What a rule does, and its name. */
export interface Strike<Effect> {
  readonly rule: string;
  readonly effect: Effect;
}

/** The rules about subjects of one kind. */
export class RuleList<Subject, Effect> {
  /** False while there are none: all that a request or push pays for them then. */
  isActive = false;
  #parts: readonly Part<Subject, Effect>[] = [];

  replace(parts: readonly Part<Subject, Effect>[]): void {
    this.#parts = parts;
    this.isActive = parts.length > 0;
  }

  /** The first rule that fits and strikes. */
  strike(subject: Subject): Strike<Effect> | undefined {
    const found = this.#parts.find((part) => part.matches(subject) && part.gate.strikes());
    return found === undefined ? undefined : { rule: found.name, effect: found.effect };
  }
}
