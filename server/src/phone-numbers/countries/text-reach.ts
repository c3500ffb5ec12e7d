import { findCountry } from './countries.ts';
import { countryOfNumber } from './number.ts';

/** What sends text messages: a number of a country, or a name. */
export type TextSender =
  { readonly type: 'geographic' | 'tollFree' | 'mobile' | 'shortCode'; readonly countryCode: string } | { readonly type: 'alphanumeric' };

/**
 * Where text messages go (Azure, "SMS overview: sender types supported" and "SMS number types", 2025): toll-free numbers reach the countries
 * that share their numbering plan, other numbers and short codes their own country.
 */
const BY_TOLL_FREE: readonly string[] = ['US', 'CA', 'PR'];
/** Countries that let names send; in the second list only names that are registered, which none has to be here. */
const BY_NAME: ReadonlySet<string> = new Set([
  ...['AT', 'DE', 'DK', 'EE', 'ES', 'FR', 'IE', 'LT', 'LV', 'NL', 'PL', 'PT', 'SE', 'CH'],
  ...['AU', 'CZ', 'FI', 'GB', 'IT', 'NO', 'SI', 'SK'],
]);

/**
 * Why a message of this sender does not reach a phone.
 *
 * @param recipient in the E.164 form
 * @returns undefined when it does
 */
export function textRefusalOf(sender: TextSender, recipient: string): string | undefined {
  const country = countryOfNumber(recipient);
  if (country === undefined) return 'The country of the recipient has no text messages here.';
  if (sender.type === 'alphanumeric') {
    return BY_NAME.has(country.code) ? undefined : `Alphanumeric sender IDs do not reach ${country.name}.`;
  }
  const reached = sender.type === 'tollFree' ? BY_TOLL_FREE : [sender.countryCode];
  if (reached.includes(country.code)) return undefined;
  const names = reached.map((code) => findCountry(code)?.name ?? code).join(', ');
  return `${SENDERS[sender.type]} of ${findCountry(sender.countryCode)?.name ?? sender.countryCode} reach ${names}, not ${country.name}.`;
}

const SENDERS = {
  geographic: 'Geographic numbers',
  tollFree: 'Toll-free numbers',
  mobile: 'Mobile numbers',
  shortCode: 'Short codes',
} as const;
