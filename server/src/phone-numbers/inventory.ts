import type { NumberType } from '@switchboard/contract';
import type { Reader, Transaction } from '../storage/index.ts';
import type { AvailableNumber } from './available-number.ts';
import { type Area, type Country, numbersOf } from './countries/country.ts';
import type { Place } from './countries/place-of.ts';
import type { NumberRow } from './store/migrations.ts';
import { numberStore } from './store/number-store.ts';

/** What numbers are looked for. */
export interface Wanted {
  readonly country: Country;
  readonly type: NumberType;
  /** Any, without one. */
  readonly areaCode: string | undefined;
}

/** What is agreed for each number of a search. */
export type Terms = Pick<AvailableNumber, 'assignment' | 'calling' | 'sms' | 'monthlyCents'>;

/** For whom a number is held, and how long. */
export interface Hold {
  readonly resourceId: string;
  /** The search or reservation. */
  readonly holder: string;
  readonly untilMs: number;
}

/** Areas in which there may be such numbers. */
function areasFor({ country, type, areaCode }: Wanted): readonly Area[] {
  return country.areas.filter((area) => area.type === type && (areaCode === undefined || area.areaCode === areaCode));
}

/** Which of them are taken. */
interface Choice {
  readonly count: number;
  readonly nowMs: number;
  /** All, without one. */
  readonly matches?: (number: string) => boolean;
}

/** The first free numbers, at most `count`. */
export async function freeNumbers(
  read: Reader,
  wanted: Wanted,
  { count, nowMs, matches = () => true }: Choice,
): Promise<{ readonly number: string; readonly area: Area }[]> {
  const found: { readonly number: string; readonly area: Area }[] = [];
  const { country, type } = wanted;
  for (const area of areasFor(wanted)) {
    const taken = await numberStore.takenIn(read, { country: country.code, type, areaCode: area.areaCode, nowMs });
    for (const number of numbersOf(area)) {
      if (found.length === count) return found;
      if (!taken.has(number) && matches(number)) found.push({ number, area });
    }
  }
  return found;
}

/** Holds free numbers, at most `count`. @returns those that it holds, in their order */
export async function holdFree(
  tx: Transaction,
  wanted: Wanted,
  { terms, hold, count, nowMs }: { readonly terms: Terms; readonly hold: Hold; readonly count: number; readonly nowMs: number },
): Promise<string[]> {
  const { country, type } = wanted;
  const held: string[] = [];
  for (const { number, area } of await freeNumbers(tx, wanted, { count, nowMs })) {
    const available = { ...terms, number, country: country.code, type };
    if (await numberStore.take(tx, holdRowOf({ number: available, place: { country, area } }, hold), nowMs)) held.push(number);
  }
  return held;
}

/** A row that holds a number. */
export function holdRowOf(
  { number: available, place }: { readonly number: AvailableNumber; readonly place: Place },
  hold: Hold,
): NumberRow {
  const { number, country, type, assignment, calling, sms, monthlyCents } = available;
  return {
    number,
    resource_id: hold.resourceId,
    country,
    type,
    assignment,
    area_code: place.area.areaCode,
    calling,
    sms,
    monthly_cents: monthlyCents,
    carrier: null,
    holder: hold.holder,
    held_until: hold.untilMs,
    purchased_at: null,
    operation_id: null,
  };
}
