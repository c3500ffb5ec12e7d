import type { WantedNumber } from '@switchboard/contract';
import type { ResourceRef } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Storage, Transaction } from '../../storage/index.ts';
import type { AvailableNumber } from '../available-number.ts';
import { phoneNumberErrors } from '../errors.ts';
import { type Hold, holdRowOf } from '../inventory.ts';
import { LANE, type Operations } from '../operations/operations.ts';
import type { ReservationRow } from '../store/migrations.ts';
import { numberStore } from '../store/number-store.ts';
import { reservationStore } from '../store/reservation-store.ts';
import { candidateOf, type Failure, heldNumberOf, holderOf, type Reservation, reservationOf, statusOf } from './reservation.ts';

export interface ReservationsOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly operations: Operations;
}

/** By id: the number to add, or null to remove. */
export type ReservationPatch = Readonly<Record<string, WantedNumber | null>>;

export interface PatchedReservation {
  readonly reservation: Reservation;
  readonly isNew: boolean;
}

/** The README of the JavaScript SDK: 15 minutes after the last change, 2 hours after it was made. */
const IDLE_MS = 15 * 60_000;
const LONGEST_MS = 120 * 60_000;
const END = 'phone-numbers/end-reservation';
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Reservations: numbers of any country, picked one by one and held until they are purchased together. */
export class Reservations {
  readonly #options: ReservationsOptions;

  constructor(options: ReservationsOptions) {
    this.#options = options;
    options.storage.due.handle(END, async ({ payload }) => {
      // Written by `#keep`.
      const { holder, resourceId } = payload as { readonly holder: string; readonly resourceId: string };
      await this.#rows(resourceId).write((tx) => numberStore.freeOverdue(tx, holder, options.clock.now()), LANE);
    });
  }

  /** @throws ApiError 400, 404 */
  async get(resourceId: string, id: string): Promise<Reservation> {
    const row = await reservationStore.find(this.#rows(resourceId).read, resourceId, checked(id));
    return reservationOf(mustExist(row, id), this.#options.clock.now());
  }

  /** By id, behind `after`. */
  async page(resourceId: string, page: { readonly after: string; readonly limit: number }): Promise<Reservation[]> {
    const rows = await reservationStore.page(this.#rows(resourceId).read, { resourceId, ...page });
    return rows.map((row) => reservationOf(row, this.#options.clock.now()));
  }

  /**
   * Makes a reservation or changes the one of that id. What cannot be added is told, and the rest is done.
   *
   * @throws ApiError 400, 409 for one that is not active any more
   */
  patch(resource: ResourceRef, id: string, patch: ReservationPatch): Promise<PatchedReservation> {
    const { clock, operations } = this.#options;
    const key = { resource_id: resource.id, id: checked(id) };
    // Before anything is looked up: the work of one request must not hold up others.
    resource.limits.atMost('phone-numbers.reservation-numbers', Object.keys(patch).length, 'phoneNumbers');
    return operations.write(resource.id, async (tx) => {
      const nowMs = clock.now();
      const known = await reservationStore.find(tx, resource.id, key.id);
      if (known !== undefined) mustBeActive(known, nowMs);
      const createdAtMs = known?.created_at ?? nowMs;
      const expiresAtMs = Math.min(nowMs + IDLE_MS, createdAtMs + LONGEST_MS);
      const failures = await this.#apply(tx, patch, { resource, holder: holderOf(key), expiresAtMs });
      const numbers = (await numberStore.heldBy(tx, holderOf(key))).map(heldNumberOf);
      resource.limits.atMost('phone-numbers.reservation-numbers', numbers.length, 'phoneNumbers');
      const row = await this.#keep(tx, { ...key, created_at: createdAtMs, expires_at: expiresAtMs }, numbers);
      return { reservation: reservationOf(row, nowMs, failures), isNew: known === undefined };
    });
  }

  /** @throws ApiError 400, 404, 409 while it is being purchased */
  async delete(resourceId: string, id: string): Promise<void> {
    await this.#options.operations.write(resourceId, async (tx) => {
      const row = mustExist(await reservationStore.find(tx, resourceId, checked(id)), id);
      if (row.status === 'submitted') throw phoneNumberErrors.reservationNotActive(id, row.status);
      await numberStore.freeHeld(tx, holderOf(row));
      await reservationStore.remove(tx, resourceId, row.id);
    });
  }

  /** @returns what could not be added */
  async #apply(
    tx: Transaction,
    patch: ReservationPatch,
    { resource, holder, expiresAtMs }: { readonly resource: ResourceRef; readonly holder: string; readonly expiresAtMs: number },
  ): Promise<Failure[]> {
    const nowMs = this.#options.clock.now();
    const failures: Failure[] = [];
    const hold: Hold = { resourceId: resource.id, holder, untilMs: expiresAtMs };
    for (const [id, wanted] of Object.entries(patch)) {
      if (wanted === null) {
        await numberStore.freeHeldNumber(tx, holder, `+${id}`);
        continue;
      }
      const candidate = candidateOf(id, wanted);
      if (candidate === undefined) failures.push(failureOf(id, wanted, 'NotFound'));
      else if (!(await numberStore.takeFor(tx, holdRowOf(candidate, hold), nowMs)))
        failures.push({ ...UNAVAILABLE, number: candidate.number });
    }
    await numberStore.keepHeld(tx, holder, expiresAtMs);
    return failures;
  }

  /** Stores a reservation that is active, and its end. */
  async #keep(
    tx: Transaction,
    row: Pick<ReservationRow, 'resource_id' | 'id' | 'created_at' | 'expires_at'>,
    numbers: readonly AvailableNumber[],
  ): Promise<ReservationRow> {
    const holder = holderOf(row);
    const whole: ReservationRow = { ...row, status: 'active', numbers: JSON.stringify(numbers), operation_id: null };
    await reservationStore.put(tx, whole);
    const payload = { holder, resourceId: row.resource_id };
    await this.#rows(row.resource_id).due.schedule(tx, { kind: END, id: `${END}/${holder}`, dueAtMs: row.expires_at, payload });
    return whole;
  }

  #rows(resourceId: string) {
    return this.#options.storage.forResource(resourceId);
  }
}

const UNAVAILABLE = { code: 'PhoneNumberNotAvailable', message: 'Somebody has this number, or holds it.' };

/** @throws ApiError 400 for what is no UUID */
function checked(id: string): string {
  if (!UUID.test(id)) throw phoneNumberErrors.badReservationId(id);
  return id.toLowerCase();
}

export function mustExist(row: ReservationRow | undefined, id: string): ReservationRow {
  if (row === undefined) throw phoneNumberErrors.unknownReservation(id);
  return row;
}

export function mustBeActive(row: ReservationRow, nowMs: number): void {
  const status = statusOf(row, nowMs);
  if (status !== 'active') throw phoneNumberErrors.reservationNotActive(row.id, status);
}

/** A number that there is not, as it was asked for. */
function failureOf(id: string, wanted: WantedNumber, code: string): Failure {
  return {
    code,
    message: 'There is no such number to be had, or it is of another country or type.',
    number: {
      number: `+${id}`,
      country: wanted.countryCode ?? '',
      type: wanted.phoneNumberType ?? 'geographic',
      assignment: wanted.assignmentType ?? 'application',
      calling: wanted.capabilities?.calling ?? 'none',
      sms: wanted.capabilities?.sms ?? 'none',
      monthlyCents: 0,
    },
  };
}
