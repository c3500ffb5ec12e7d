import type { AssignmentType, Capabilities, NumberType } from '@switchboard/contract';
import type { Reader, Transaction } from '../storage/index.ts';
import { type Area, type Country, numbersOf } from './countries/country.ts';
import type { NumberRow } from './store/migrations.ts';
import { numberStore } from './store/number-store.ts';

/** What numbers are looked for. */
export interface Wanted {
  readonly country: Country;
  readonly type: NumberType;
  /** Any, without one. */
  readonly areaCode: string | undefined;
}

/** What becomes of those that are found. */
export interface Hold {
  readonly resourceId: string;
  /** The search or reservation. */
  readonly holder: string;
  readonly untilMs: number;
  readonly assignment: AssignmentType;
  readonly capabilities: Capabilities;
  readonly monthlyCents: number;
}

/** Areas in which there may be such numbers. */
function areasFor({ country, type, areaCode }: Wanted): readonly Area[] {
  return country.areas.filter((area) => area.type === type && (areaCode === undefined || area.areaCode === areaCode));
}

/** The first free numbers, at most `count`. */
async function freeNumbers(
  read: Reader,
  wanted: Wanted,
  { count, nowMs }: { readonly count: number; readonly nowMs: number },
): Promise<{ readonly number: string; readonly area: Area }[]> {
  const found: { readonly number: string; readonly area: Area }[] = [];
  const { country, type } = wanted;
  for (const area of areasFor(wanted)) {
    const taken = await numberStore.takenIn(read, { country: country.code, type, areaCode: area.areaCode, nowMs });
    for (const number of numbersOf(area)) {
      if (found.length === count) return found;
      if (!taken.has(number)) found.push({ number, area });
    }
  }
  return found;
}

/** Holds free numbers, at most `count`. @returns those that it holds, in their order */
export async function holdFree(
  tx: Transaction,
  wanted: Wanted,
  { hold, count, nowMs }: { readonly hold: Hold; readonly count: number; readonly nowMs: number },
): Promise<string[]> {
  const held: string[] = [];
  for (const { number, area } of await freeNumbers(tx, wanted, { count, nowMs })) {
    if (await numberStore.take(tx, heldRow(number, { wanted, area, hold }), nowMs)) held.push(number);
  }
  return held;
}

function heldRow(number: string, { wanted, area, hold }: { readonly wanted: Wanted; readonly area: Area; readonly hold: Hold }): NumberRow {
  return {
    number,
    resource_id: hold.resourceId,
    country: wanted.country.code,
    type: wanted.type,
    assignment: hold.assignment,
    area_code: area.areaCode,
    calling: hold.capabilities.calling,
    sms: hold.capabilities.sms,
    monthly_cents: hold.monthlyCents,
    carrier: null,
    holder: hold.holder,
    held_until: hold.untilMs,
    purchased_at: null,
    operation_id: null,
  };
}
