/**
 * Fictitious short codes. Those of the United States and Canada begin with 2 to 9 (Common Short Code Administration), those of the United
 * Kingdom with 5 to 8 (Mobile UK code of practice): one that begins with 1 is leased to nobody.
 */
const RANGES: Readonly<Record<string, { readonly first: number; readonly count: number }>> = {
  US: { first: 10_000, count: 600 },
  CA: { first: 10_600, count: 200 },
  GB: { first: 10_800, count: 200 },
};

/** US dollars a month (Azure, "Short code SMS pricing", random short code). */
export const SHORT_CODE_MONTHLY_USD = 1_000;

/** Of five or six digits. */
export function isShortCode(text: string): boolean {
  return /^\d{5,6}$/.test(text);
}

/** The fictitious short codes of a country; none in countries without. */
export function shortCodesOf(countryCode: string): string[] {
  const range = RANGES[countryCode];
  return range === undefined ? [] : Array.from({ length: range.count }, (_, i) => String(range.first + i));
}
