import type { ResourceRef } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Transaction } from '../../storage/index.ts';
import { findCountry } from '../countries/countries.ts';
import { phoneNumberErrors } from '../errors.ts';
import { idOf, type OperationSteps, type Operations, type Outcome } from '../operations/operations.ts';
import type { OperationRow, ReservationRow } from '../store/migrations.ts';
import { numberStore } from '../store/number-store.ts';
import { operationStore } from '../store/operation-store.ts';
import { reservationStore } from '../store/reservation-store.ts';
import { holderOf } from './reservation.ts';
import { mustBeActive, mustExist } from './reservations.ts';

export interface ReservationPurchasesOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly operations: Operations;
}

/** Purchases of what a reservation holds: all of it, or nothing. */
export class ReservationPurchases implements OperationSteps {
  readonly #options: ReservationPurchasesOptions;

  constructor(options: ReservationPurchasesOptions) {
    this.#options = options;
    options.operations.handle('reservationPurchase', this);
  }

  /**
   * Begins to purchase; asking again tells of the same operation.
   *
   * @throws ApiError 404, 409 for one that is not active or empty, 400 without an agreement that is needed
   */
  begin(resource: ResourceRef, wish: { readonly id: string; readonly agreeToNotResell: boolean }): Promise<OperationRow> {
    const { clock, ids, operations } = this.#options;
    const operationId = ids.uuid('phoneNumberOperation');
    return operations.write(resource.id, async (tx) => {
      const row = mustExist(await reservationStore.find(tx, resource.id, wish.id.toLowerCase()), wish.id);
      const known = row.operation_id === null ? undefined : await operationStore.find(tx, row.operation_id);
      if (known !== undefined) return known;
      mustBeActive(row, clock.now());
      const held = await numberStore.heldBy(tx, holderOf(row));
      if (held.length === 0) throw phoneNumberErrors.emptyReservation(wish.id);
      const isForbidden = held.some(({ country }) => findCountry(country)?.isResaleForbidden === true);
      if (isForbidden && !wish.agreeToNotResell) throw phoneNumberErrors.resaleConsent();
      await numberStore.keepHeld(tx, holderOf(row), undefined);
      await reservationStore.put(tx, { ...row, status: 'submitted', operation_id: idOf('reservationPurchase', operationId) });
      return operations.begin(tx, { type: 'reservationPurchase', id: operationId, resourceId: resource.id, subject: row.id });
    });
  }

  async run(tx: Transaction, { resource_id, subject }: OperationRow): Promise<Outcome> {
    const row = await reservationStore.find(tx, resource_id, subject);
    if (row?.status !== 'submitted') return { code: 'ReservationExpired', message: 'The reservation holds no numbers any more.' };
    await numberStore.purchaseHeld(tx, holderOf(row), this.#options.clock.now());
    await reservationStore.put(tx, { ...row, status: 'completed' });
    return 'succeeded';
  }

  /** The numbers go on being reserved as long as they would have been. */
  async cancel(tx: Transaction, { resource_id, subject }: OperationRow): Promise<void> {
    const row = await reservationStore.find(tx, resource_id, subject);
    if (row?.status !== 'submitted') return;
    const active: ReservationRow = { ...row, status: 'active', operation_id: null };
    await reservationStore.put(tx, active);
    await numberStore.keepHeld(tx, holderOf(row), row.expires_at);
    await numberStore.freeOverdue(tx, holderOf(row), this.#options.clock.now());
  }
}
