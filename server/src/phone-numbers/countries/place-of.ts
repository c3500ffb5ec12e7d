import { COUNTRIES } from './countries.ts';
import type { Area, Country } from './country.ts';

export interface Place {
  readonly country: Country;
  readonly area: Area;
}

/** Where a fictitious number belongs; undefined for all other numbers. */
export function placeOf(number: string): Place | undefined {
  const digits = Number(number.slice(1));
  for (const country of COUNTRIES) {
    if (!number.startsWith(country.callingCode, 1)) continue;
    const area = country.areas.find(({ ranges }) =>
      ranges.some(({ first, count }) => {
        const start = Number(first.slice(1));
        return first.length === number.length && digits >= start && digits < start + count;
      }),
    );
    if (area !== undefined) return { country, area };
  }
  return undefined;
}
