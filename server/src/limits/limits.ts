import { ApiError } from '../lib/errors.ts';
import { isLimitName, LIMITS, type LimitName, type LimitRow } from './table.ts';

export type Preset = 'handbook' | 'azure' | 'custom';

export interface LimitsOptions {
  readonly preset: Preset;
  /** For `custom`: values that differ from the handbook's; `null` lifts a limit. */
  readonly values?: Readonly<Record<string, number | null>>;
}

/** The limits in force. */
export class Limits {
  readonly preset: Preset;
  /** Of what kinds, `chat` for example, any rate is limited: hot paths ask this before anything else. */
  readonly rated: ReadonlySet<string>;
  readonly #values: Readonly<Record<LimitName, number | null>>;

  /** @throws Error when a custom value names no limit or is not a whole number of at least 0 */
  constructor(options: LimitsOptions) {
    this.preset = options.preset;
    const column = options.preset === 'azure' ? 'azure' : 'handbook';
    const values = Object.fromEntries(Object.entries(LIMITS).map(([name, row]) => [name, row[column]])) as Record<LimitName, number | null>;
    for (const [name, value] of Object.entries(options.values ?? {})) {
      if (!isLimitName(name))
        throw new Error(`limits: there is no limit ${JSON.stringify(name)}; the names are ${Object.keys(LIMITS).join(', ')}`);
      if (value !== null && (!Number.isSafeInteger(value) || value < 0)) throw new Error(`limits: ${name} must be a whole number or null`);
      const { ceiling }: LimitRow = LIMITS[name];
      if (ceiling !== undefined && value !== null && value > ceiling) throw new Error(`limits: ${name} must be at most ${ceiling}`);
      values[name] = value;
    }
    this.#values = values;
    this.rated = new Set(
      Object.entries<LimitRow>(LIMITS).flatMap(([name, row]) =>
        row.windowSeconds === undefined || values[name as LimitName] === null ? [] : [name.slice(0, name.indexOf('.'))],
      ),
    );
  }

  /** The value in force. Without one, what the server can do at most: `Infinity` where that has no bound. */
  value(name: LimitName): number {
    const row: LimitRow = LIMITS[name];
    return this.#values[name] ?? row.ceiling ?? Infinity;
  }

  /** @throws ApiError 400 when `amount` is above the limit */
  atMost(name: LimitName, amount: number, target: string): void {
    if (amount > this.value(name)) throw this.refusal(name, { amount, target, bound: 'most' });
  }

  /** @throws ApiError 400 when `amount` is below the limit */
  atLeast(name: LimitName, amount: number, target: string): void {
    if (amount < this.value(name)) throw this.refusal(name, { amount, target, bound: 'least' });
  }

  refusal(name: LimitName, excess: { readonly amount: number; readonly target: string; readonly bound: 'most' | 'least' }): ApiError {
    const { amount, target, bound } = excess;
    const row: LimitRow = LIMITS[name];
    const passes = (['handbook', 'azure'] as const).filter((preset) => fits(row[preset], amount, bound));
    const would =
      passes.length > 0 ? `it would pass under the preset ${passes.join(' and ')}` : 'no preset allows it; the preset custom can';
    const message = `${target} is ${amount} ${row.unit}, but limit ${name} is at ${bound} ${this.value(name)} under the preset ${this.preset}; ${would}.`;
    return new ApiError('BadRequest', message, {
      target,
      explanation: {
        rule: `limit.${name}`,
        cure: `Stay within the limit, or start the server with --limits ${passes[0] ?? 'FILE'}. GET /admin/limits lists all.`,
        limit: { name, value: this.value(name), preset: this.preset },
      },
    });
  }

  /** All rows with the value in force, for the limits page. */
  rows(): (LimitRow & { readonly name: string; readonly value: number | null })[] {
    return Object.entries(LIMITS).map(([name, row]) => ({ name, ...row, value: this.#values[name as LimitName] }));
  }
}

function fits(limit: number | null, amount: number, bound: 'most' | 'least'): boolean {
  return limit === null || (bound === 'most' ? amount <= limit : amount >= limit);
}
