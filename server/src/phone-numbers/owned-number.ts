import type { AssignmentType, Capability, NumberType } from '@switchboard/contract';
import type { NumberRow } from './store/migrations.ts';

/** A number of a resource. */
export interface OwnedNumber {
  /** In the E.164 form; short codes are digits alone. */
  readonly phoneNumber: string;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string;
  readonly type: NumberType | 'shortCode';
  readonly assignment: AssignmentType;
  readonly calling: Capability;
  readonly sms: Capability;
  /** Name of the carrier that carries it; undefined for the default. */
  readonly carrier: string | undefined;
  readonly monthlyUsd: number;
  readonly purchasedAtMs: number;
}

/** @returns undefined for a number that is only held */
export function ownedNumberOf(row: NumberRow): OwnedNumber | undefined {
  if (row.purchased_at === null) return undefined;
  return {
    phoneNumber: row.number,
    countryCode: row.country,
    // Only ever written from these types.
    type: row.type as OwnedNumber['type'],
    assignment: row.assignment as AssignmentType,
    calling: row.calling as Capability,
    sms: row.sms as Capability,
    carrier: row.carrier ?? undefined,
    monthlyUsd: row.monthly_cents / 100,
    purchasedAtMs: row.purchased_at,
  };
}

/** Whether a capability is part of another. */
export function isWithin(wanted: Capability, offered: Capability): boolean {
  return wanted === 'none' || wanted === offered || offered === 'inbound+outbound';
}
