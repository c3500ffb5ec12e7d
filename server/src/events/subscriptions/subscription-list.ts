import type { Subscription } from './subscription.ts';

/** All event subscriptions, in memory; their number is limited. Names are compared without case. */
export class SubscriptionList {
  readonly #byId = new Map<string, Subscription>();
  readonly #bySource = new Map<string, Map<string, Subscription>>();

  byId(id: string): Subscription | undefined {
    return this.#byId.get(id);
  }

  byName(sourceId: string, name: string): Subscription | undefined {
    return this.#bySource.get(sourceId)?.get(name.toLowerCase());
  }

  countOf(sourceId: string): number {
    return this.#bySource.get(sourceId)?.size ?? 0;
  }

  /** Those of one source, or all; by name. */
  list(sourceId?: string): Subscription[] {
    const found = sourceId === undefined ? this.#byId.values() : (this.#bySource.get(sourceId)?.values() ?? []);
    return [...found].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Adds one, or puts it in the place of the one with its id. */
  put(subscription: Subscription): void {
    const { id, sourceId, name } = subscription;
    this.#byId.set(id, subscription);
    let ofSource = this.#bySource.get(sourceId);
    if (ofSource === undefined) this.#bySource.set(sourceId, (ofSource = new Map<string, Subscription>()));
    ofSource.set(name.toLowerCase(), subscription);
  }

  remove({ id, sourceId, name }: Subscription): void {
    this.#byId.delete(id);
    const ofSource = this.#bySource.get(sourceId);
    ofSource?.delete(name.toLowerCase());
    if (ofSource?.size === 0) this.#bySource.delete(sourceId);
  }

  clear(): void {
    this.#byId.clear();
    this.#bySource.clear();
  }
}
