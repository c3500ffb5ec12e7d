import { phoneNumberErrors } from '../errors.ts';
import type { Country } from './country.ts';
import { ASIA_PACIFIC } from './data/asia-pacific.ts';
import { NORTH_AMERICA } from './data/north-america.ts';
import { UNITED_KINGDOM } from './data/united-kingdom.ts';
import { WESTERN_EUROPE } from './data/western-europe.ts';

/** Every country with numbers, by name. */
export const COUNTRIES: readonly Country[] = [...NORTH_AMERICA, UNITED_KINGDOM, ...WESTERN_EUROPE, ...ASIA_PACIFIC].sort((a, b) =>
  a.name < b.name ? -1 : 1,
);

const BY_CODE = new Map(COUNTRIES.map((country) => [country.code, country]));

/** @param code ISO 3166-1 alpha-2, in any case of letters */
export function findCountry(code: string): Country | undefined {
  return BY_CODE.get(code.toUpperCase());
}

/** @throws ApiError 400 */
export function mustFindCountry(code: string): Country {
  const found = findCountry(code);
  if (found === undefined) throw phoneNumberErrors.unknownCountry(code, [...BY_CODE.keys()].sort());
  return found;
}
