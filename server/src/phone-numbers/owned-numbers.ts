import type { MaybePromise, Storage } from '../storage/index.ts';
import type { Belonging, OwnedCache } from './owned-cache.ts';
import { ownedNumberOf, type OwnedNumber } from './owned-number.ts';
import { numberStore, type OwnedPage } from './store/number-store.ts';

/** The numbers of resources. */
export class OwnedNumbers {
  readonly #storage: Storage;
  readonly #cache: OwnedCache;

  constructor(storage: Storage, cache: OwnedCache) {
    this.#storage = storage;
    this.#cache = cache;
  }

  /** The number, when the resource owns it. At once for one that was asked for lately. */
  find(resourceId: string, number: string): MaybePromise<OwnedNumber | undefined> {
    return this.#cache.find(this.#storage.forResource(resourceId).read, resourceId, number);
  }

  /** The number, whichever resource owns it. */
  ownerOf(number: string): MaybePromise<Belonging | undefined> {
    return this.#cache.ownerOf(this.#storage.read, number);
  }

  /** In the order of the numbers. */
  async page(resourceId: string, page: OwnedPage): Promise<OwnedNumber[]> {
    const rows = await numberStore.ownedPage(this.#storage.forResource(resourceId).read, { resourceId, ...page });
    return rows.flatMap((row) => ownedNumberOf(row) ?? []);
  }
}
