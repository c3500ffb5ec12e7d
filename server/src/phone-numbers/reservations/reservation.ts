import type { WantedNumber } from '@switchboard/contract';
import type { AvailableNumber } from '../available-number.ts';
import { type Place, placeOf } from '../countries/place-of.ts';
import { offeringFor } from '../offerings.ts';
import type { NumberRow, ReservationRow } from '../store/migrations.ts';

export type ReservationStatus = 'active' | 'submitted' | 'completed' | 'expired';

/** Numbers that are held for one purchase. */
export interface Reservation {
  readonly id: string;
  readonly expiresAtMs: number;
  readonly status: ReservationStatus;
  readonly numbers: readonly AvailableNumber[];
  /** Numbers that were to be added and could not. */
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly number: AvailableNumber;
  readonly code: string;
  readonly message: string;
}

/** A number that is wanted, and where it belongs. */
export interface Candidate {
  readonly number: AvailableNumber;
  readonly place: Place;
}

export function reservationOf(row: ReservationRow, nowMs: number, failures: readonly Failure[] = []): Reservation {
  return {
    id: row.id,
    expiresAtMs: row.expires_at,
    // Written by `Reservations`.
    status: statusOf(row, nowMs),
    numbers: JSON.parse(row.numbers) as readonly AvailableNumber[],
    failures,
  };
}

export function statusOf(row: ReservationRow, nowMs: number): ReservationStatus {
  if (row.status === 'active' && row.expires_at <= nowMs) return 'expired';
  return row.status as ReservationStatus;
}

/** The id under which a reservation holds numbers: ids are chosen, so two resources may have the same one. */
export function holderOf({ resource_id, id }: Pick<ReservationRow, 'resource_id' | 'id'>): string {
  return `${resource_id} ${id}`;
}

/**
 * The number that is wanted, when there is one of this id, and what is said of it is true.
 *
 * @throws ApiError 400 for capabilities that it cannot have
 */
export function candidateOf(id: string, wanted: WantedNumber): Candidate | undefined {
  const number = `+${id}`;
  const place = /^\d{7,15}$/.test(id) ? placeOf(number) : undefined;
  if (place === undefined || !isTrue(wanted, number, place)) return undefined;
  const { country, area } = place;
  const capabilities = wanted.capabilities ?? { calling: 'none', sms: 'none' };
  const offering = offeringFor(country, { type: area.type, assignment: wanted.assignmentType ?? undefined, capabilities });
  return {
    place,
    number: {
      number,
      country: country.code,
      type: area.type,
      assignment: wanted.assignmentType ?? 'application',
      calling: wanted.capabilities?.calling ?? offering.calling,
      sms: wanted.capabilities?.sms ?? offering.sms,
      monthlyCents: Math.round(offering.monthlyUsd * 100),
    },
  };
}

function isTrue(wanted: WantedNumber, number: string, { country, area }: Place): boolean {
  const { phoneNumber, countryCode, phoneNumberType } = wanted;
  return (
    // The service leaves the plus sign out of what it has just reserved.
    (phoneNumber ?? number).replace('+', '') === number.slice(1) &&
    (countryCode ?? country.code).toUpperCase() === country.code &&
    (phoneNumberType ?? area.type) === area.type
  );
}

/** A number that is held, as it is shown. */
export function heldNumberOf(row: NumberRow): AvailableNumber {
  return {
    number: row.number,
    country: row.country,
    // Only ever written from these types.
    type: row.type as AvailableNumber['type'],
    assignment: row.assignment as AvailableNumber['assignment'],
    calling: row.calling as AvailableNumber['calling'],
    sms: row.sms as AvailableNumber['sms'],
    monthlyCents: row.monthly_cents,
  };
}
