import type { MaybePromise, Reader } from '../storage/index.ts';
import { ownedNumberOf, type OwnedNumber } from './owned-number.ts';
import { numberStore } from './store/number-store.ts';

/** Numbers that are looked up with every message. */
const MOST = 10_000;

/** A number with whom it belongs to. */
export interface Belonging {
  readonly resourceId: string;
  readonly owned: OwnedNumber;
}

/**
 * Who owns a number, remembered until any number changes hands: that is rare, and what is committed can be read a moment
 * before its hooks run, so nothing finer would be exact.
 */
export class OwnedCache {
  /** Oldest first. */
  readonly #entries = new Map<string, Belonging>();
  /** Changes under way, meanwhile nothing is remembered. */
  #changing = 0;
  /** What was read before a change is not remembered after it. */
  #epoch = 0;

  /** The number, when the resource owns it. */
  find(read: Reader, resourceId: string, number: string): MaybePromise<OwnedNumber | undefined> {
    const found = this.ownerOf(read, number);
    return found instanceof Promise ? found.then((entry) => ownedBy(entry, resourceId)) : ownedBy(found, resourceId);
  }

  /** The number, whichever resource owns it. */
  ownerOf(read: Reader, number: string): MaybePromise<Belonging | undefined> {
    const known = this.#entries.get(number);
    if (known !== undefined) return known;
    const epoch = this.#epoch;
    const row = numberStore.find(read, number);
    const keep = (found: Awaited<typeof row>): Belonging | undefined => {
      const owned = found && ownedNumberOf(found);
      if (found === undefined || owned === undefined) return undefined;
      const entry = { resourceId: found.resource_id, owned };
      if (epoch === this.#epoch && this.#changing === 0) this.#remember(number, entry);
      return entry;
    };
    return row instanceof Promise ? row.then(keep) : keep(row);
  }

  /** Runs what gives numbers to somebody, takes them away, or changes what they can do. */
  async whileChanging<T>(change: () => Promise<T>): Promise<T> {
    this.#changing += 1;
    this.clear();
    try {
      return await change();
    } finally {
      this.#changing -= 1;
      this.clear();
    }
  }

  clear(): void {
    this.#epoch += 1;
    this.#entries.clear();
  }

  #remember(number: string, entry: Belonging): void {
    if (this.#entries.size >= MOST) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(number, entry);
  }
}

function ownedBy(entry: Belonging | undefined, resourceId: string): OwnedNumber | undefined {
  return entry?.resourceId === resourceId ? entry.owned : undefined;
}
