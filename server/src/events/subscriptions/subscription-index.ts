import type { Subscription } from './subscription.ts';
import { compileFilter, type EventTest, typesOf } from './filter.ts';

/** A subscription that wants events of some type, if they pass its test. */
export interface Match {
  readonly subscription: Subscription;
  readonly test: EventTest;
}

interface Compiled extends Match {
  /** In lower case; undefined for all. */
  readonly types: ReadonlySet<string> | undefined;
}

const NONE: readonly Match[] = [];
/** Publishers of custom topics choose their types. */
const MOST_TYPES = 10_000;

/** Finds who wants an event: two look-ups for an event that nobody wants, however many subscriptions there are. */
export class SubscriptionIndex {
  readonly #bySource = new Map<string, Compiled[]>();
  readonly #found = new Map<string, Map<string, readonly Match[]>>();
  #types = 0;

  /** Puts subscriptions in the place of all others. */
  set(subscriptions: Iterable<Subscription>): void {
    this.#bySource.clear();
    this.#forget();
    for (const subscription of subscriptions) {
      if (subscription.state !== 'Succeeded' && subscription.state !== 'Updating') continue;
      const compiled = { subscription, types: typesOf(subscription.filter), test: compileFilter(subscription.filter) };
      const others = this.#bySource.get(subscription.sourceId);
      if (others === undefined) this.#bySource.set(subscription.sourceId, [compiled]);
      else others.push(compiled);
    }
  }

  /** @param type as the source writes it; case does not matter */
  of(sourceId: string, type: string): readonly Match[] {
    if (!this.#bySource.has(sourceId)) return NONE;
    return this.#found.get(sourceId)?.get(type) ?? this.#find(sourceId, type);
  }

  #find(sourceId: string, type: string): readonly Match[] {
    if (this.#types >= MOST_TYPES) this.#forget();
    const folded = type.toLowerCase();
    const found = (this.#bySource.get(sourceId) ?? []).filter(({ types }) => types === undefined || types.has(folded));
    let byType = this.#found.get(sourceId);
    if (byType === undefined) this.#found.set(sourceId, (byType = new Map<string, readonly Match[]>()));
    byType.set(type, found);
    this.#types += 1;
    return found;
  }

  #forget(): void {
    this.#found.clear();
    this.#types = 0;
  }
}
