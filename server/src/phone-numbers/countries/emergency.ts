import { ALL_COUNTRIES } from './countries.ts';
import type { Country } from './country.ts';
import { countryOfNumber } from './number.ts';

/** Reached from mobile phones everywhere (3GPP TS 22.101, section 10.1). */
const EVERYWHERE: readonly string[] = ['112', '911'];

/**
 * The emergency number that a text stands for, if it does: as dialled (`911`), or behind a country code (`+44999`).
 *
 * @param from the country in which it is dialled; without one, what is an emergency number anywhere counts
 */
export function emergencyNumberOf(text: string, from?: Country): string | undefined {
  const dialled = text.replaceAll(/[\s().-]/g, '');
  if (!dialled.startsWith('+')) {
    const known = from === undefined ? ANYWHERE : new Set([...EVERYWHERE, ...from.emergency]);
    return known.has(dialled) ? dialled : undefined;
  }
  // Some put a plus sign before what is dialled.
  if (ANYWHERE.has(dialled.slice(1))) return dialled.slice(1);
  const behind = (country: Country): string | undefined =>
    [...EVERYWHERE, ...country.emergency].find((number) => dialled === `+${country.callingCode}${number}`);
  const country = countryOfNumber(dialled);
  return country === undefined ? undefined : behind(country);
}

const ANYWHERE: ReadonlySet<string> = new Set([...EVERYWHERE, ...ALL_COUNTRIES.flatMap(({ emergency }) => emergency)]);
