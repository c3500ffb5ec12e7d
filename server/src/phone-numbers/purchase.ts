import type { ResourceRef } from '../http/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Transaction } from '../storage/index.ts';
import { mustFindCountry } from './countries/countries.ts';
import { phoneNumberErrors } from './errors.ts';
import { type OperationSteps, type Operations, type Outcome } from './operations/operations.ts';
import { foundBy } from './search.ts';
import type { OperationRow } from './store/migrations.ts';
import { numberStore } from './store/number-store.ts';
import { searchStore } from './store/search-store.ts';

export interface PurchasesOptions {
  readonly clock: Clock;
  readonly operations: Operations;
}

/** Purchases of what a search holds: all of it, or nothing. */
export class Purchases implements OperationSteps {
  readonly #options: PurchasesOptions;

  constructor(options: PurchasesOptions) {
    this.#options = options;
    options.operations.handle('purchase', this);
  }

  /**
   * Begins to purchase; asking again tells of the same operation. What is not held any more fails as an operation does.
   *
   * @throws ApiError 404, 400 without an agreement that is needed
   */
  begin(resource: ResourceRef, wish: { readonly searchId: string; readonly agreeToNotResell: boolean }): Promise<OperationRow> {
    const { operations, clock } = this.#options;
    const { searchId, agreeToNotResell } = wish;
    return operations.write(resource.id, async (tx) => {
      const search = await searchStore.find(tx, searchId);
      if (search?.resource_id !== resource.id) throw phoneNumberErrors.unknownSearch(searchId);
      if (mustFindCountry(search.country).isResaleForbidden === true && !agreeToNotResell) throw phoneNumberErrors.resaleAgreement();
      // A purchase that began in time does not run out while it takes its time.
      const held = await numberStore.heldBy(tx, searchId);
      if (held.length > 0 && held.every(({ held_until }) => held_until !== null && held_until > clock.now()))
        await numberStore.keepHeld(tx, searchId, undefined);
      return operations.begin(tx, { type: 'purchase', id: searchId, resourceId: resource.id, subject: searchId });
    });
  }

  async run(tx: Transaction, { subject }: OperationRow): Promise<Outcome> {
    const search = await searchStore.find(tx, subject);
    const held = await numberStore.heldBy(tx, subject);
    const found = search === undefined ? [] : foundBy(search);
    const isKept = found.length > 0 && held.length === found.length && held.every(({ held_until }) => held_until === null);
    if (!isKept) return EXPIRED;
    await numberStore.purchaseHeld(tx, subject, this.#options.clock.now());
    return 'succeeded';
  }

  /** The numbers go on being held as long as the search would have held them. */
  async cancel(tx: Transaction, { subject }: OperationRow): Promise<void> {
    const search = await searchStore.find(tx, subject);
    if (search === undefined) return;
    await numberStore.keepHeld(tx, subject, search.expires_at);
    await numberStore.freeOverdue(tx, subject, this.#options.clock.now());
  }
}

const EXPIRED: Outcome = {
  code: 'ReservationExpired',
  message:
    'The search holds no numbers any more: it has expired, was cancelled, or found none. Search again, and purchase within 16 minutes.',
};
