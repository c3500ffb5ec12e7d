/**
 * How an SMSC writes its message ids. Section 5.2.23 leaves that to it, and some give an id in hexadecimal digits when they
 * accept a message and in decimal ones in its receipt.
 */
export type IdNotation = 'text' | 'decimal' | 'hexadecimal';

const DIGITS: Readonly<Record<Exclude<IdNotation, 'text'>, RegExp>> = { decimal: /^\d{1,64}$/, hexadecimal: /^[\da-f]{1,64}$/i };

/** One form for all notations of an id: ids are of the same message when these are the same. */
export function comparableId(id: string, notation: IdNotation): string {
  const trimmed = id.trim();
  if (notation === 'text' || !DIGITS[notation].test(trimmed)) return trimmed;
  return BigInt(notation === 'decimal' ? trimmed : `0x${trimmed}`).toString();
}
