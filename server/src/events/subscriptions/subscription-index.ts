import type { EventTest } from './filters/advanced-filter.ts';
import { compileFilter, typesOf } from './filters/filter.ts';
import type { Subscription } from './subscription.ts';

/** A subscription that wants events of some type, if they pass its test. */
export interface Match {
  readonly subscription: Subscription;
  readonly test: EventTest;
}

interface Compiled extends Match {
  /** In lower case; undefined for all. */
  readonly types: ReadonlySet<string> | undefined;
}

/** The subscriptions of one source, and which of them want which type, as far as it was asked. */
interface OfSource {
  readonly compiled: Map<string, Compiled>;
  readonly found: Map<string, readonly Match[]>;
}

const NONE: readonly Match[] = [];
/** Publishers of custom topics choose their types: so many are remembered, none of them longer than this. */
const MOST_TYPES = 10_000;
const LONGEST_TYPE = 256;

/**
 * Finds who wants an event: two look-ups for an event that nobody wants, however many subscriptions there are. A change
 * of one costs as much as its source has, not as all have.
 */
export class SubscriptionIndex {
  readonly #bySource = new Map<string, OfSource>();

  /** Puts subscriptions in the place of all others. */
  set(subscriptions: Iterable<Subscription>): void {
    this.#bySource.clear();
    for (const subscription of subscriptions) this.put(subscription);
  }

  /** Adds one, or puts it in the place of the one with its id. */
  put(subscription: Subscription): void {
    const { id, sourceId, filter } = subscription;
    let ofSource = this.#bySource.get(sourceId);
    if (ofSource === undefined) this.#bySource.set(sourceId, (ofSource = { compiled: new Map(), found: new Map() }));
    ofSource.compiled.set(id, { subscription, types: typesOf(filter), test: compileFilter(filter) });
    ofSource.found.clear();
  }

  remove({ id, sourceId }: Subscription): void {
    const ofSource = this.#bySource.get(sourceId);
    if (ofSource === undefined || !ofSource.compiled.delete(id)) return;
    ofSource.found.clear();
    if (ofSource.compiled.size === 0) this.#bySource.delete(sourceId);
  }

  /** @param type as the source writes it; case does not matter */
  of(sourceId: string, type: string): readonly Match[] {
    const ofSource = this.#bySource.get(sourceId);
    return ofSource === undefined ? NONE : (ofSource.found.get(type) ?? find(ofSource, type));
  }
}

function find({ compiled, found }: OfSource, type: string): readonly Match[] {
  const folded = type.toLowerCase();
  const matches = [...compiled.values()].filter(({ types }) => types === undefined || types.has(folded));
  if (type.length > LONGEST_TYPE) return matches;
  if (found.size >= MOST_TYPES) found.clear();
  found.set(type, matches);
  return matches;
}
