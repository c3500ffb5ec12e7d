import { phoneNumberErrors } from '../errors.ts';
import type { Country } from './country.ts';
import { ASIA_PACIFIC } from './data/asia-pacific.ts';
import { CENTRAL_EUROPE } from './data/central-europe.ts';
import { LATIN_AMERICA } from './data/latin-america.ts';
import { NORTH_AMERICA } from './data/north-america.ts';
import { NORTHERN_EUROPE } from './data/northern-europe.ts';
import { SOUTHERN_EUROPE } from './data/southern-europe.ts';
import { UNITED_KINGDOM } from './data/united-kingdom.ts';
import { WESTERN_EUROPE } from './data/western-europe.ts';
import { WITHOUT_NUMBERS } from './data/without-numbers.ts';

/** Every country whose numbers can be had, by name. */
export const COUNTRIES: readonly Country[] = [
  ...NORTH_AMERICA,
  ...LATIN_AMERICA,
  UNITED_KINGDOM,
  ...WESTERN_EUROPE,
  ...CENTRAL_EUROPE,
  ...SOUTHERN_EUROPE,
  ...NORTHERN_EUROPE,
  ...ASIA_PACIFIC,
].sort((a, b) => (a.name < b.name ? -1 : 1));

/** Those and others that are known. */
export const ALL_COUNTRIES: readonly Country[] = [...COUNTRIES, ...WITHOUT_NUMBERS];

const BY_CODE = new Map(ALL_COUNTRIES.map((country) => [country.code, country]));

/** @param code ISO 3166-1 alpha-2, in any case of letters */
export function findCountry(code: string): Country | undefined {
  return BY_CODE.get(code.toUpperCase());
}

/** A country whose numbers can be had. @throws ApiError 400 */
export function mustFindCountry(code: string): Country {
  const found = findCountry(code);
  if (found === undefined || found.offerings.length === 0)
    throw phoneNumberErrors.unknownCountry(code, COUNTRIES.map((one) => one.code).sort());
  return found;
}
