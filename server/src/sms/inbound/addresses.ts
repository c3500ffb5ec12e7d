/** A phone or number as carriers write it: international numbers often have no plus sign there. */
export function readAddress(text: string): string {
  const trimmed = text.trim();
  return /^[1-9]\d{7,14}$/.test(trimmed) ? `+${trimmed}` : trimmed;
}

/** What a number of ours may be called: as it was written, or with the plus sign that was left out. */
export function possibleNumbers(text: string): readonly string[] {
  const trimmed = text.trim();
  return trimmed.startsWith('+') ? [trimmed] : [trimmed, `+${trimmed}`];
}
