import { ALL_COUNTRIES, findCountry } from './countries.ts';
import type { Country } from './country.ts';

/** E.164: a plus sign, a country code that never begins with zero, fifteen digits at most. The shortest international numbers have seven. */
const E164 = /^\+[1-9]\d{6,14}$/;

export function isE164(text: string): boolean {
  return E164.test(text);
}

/** The longest calling codes first, so that none hides another. */
const BY_CALLING_CODE = ALL_COUNTRIES.filter(({ callingCode }) => callingCode !== '1').toSorted(
  (a, b) => b.callingCode.length - a.callingCode.length,
);

/** Area codes of the North American plan that are not of the United States (NANPA, "Area codes by location", 2025). */
const NORTH_AMERICAN = new Map<string, string | undefined>([
  ...pairs('CA', '204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460 468 474 506'),
  ...pairs(
    'CA',
    '514 519 537 548 568 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942',
  ),
  ...pairs('PR', '787 939'),
  // Caribbean and Pacific islands, which have no numbers here.
  ...pairs(undefined, '242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 809 829 849 868 869 876'),
]);

/** The country of an E.164 number, among those that are known. */
export function countryOfNumber(number: string): Country | undefined {
  if (!number.startsWith('+1')) return BY_CALLING_CODE.find(({ callingCode }) => number.startsWith(callingCode, 1));
  const areaCode = number.slice(2, 5);
  if (!NORTH_AMERICAN.has(areaCode)) return findCountry('US');
  const code = NORTH_AMERICAN.get(areaCode);
  return code === undefined ? undefined : findCountry(code);
}

function pairs(code: string | undefined, areaCodes: string): [string, string | undefined][] {
  return areaCodes.split(' ').map((areaCode) => [areaCode, code]);
}
