const PREFIX = 'Microsoft.Communication.';

/** The whole name of an event type, of which the prefix of ACS may be left out. */
export function wholeType(text: string): string {
  const type = text.trim();
  return type.includes('.') ? type : `${PREFIX}${type}`;
}

/** The same for people. */
export function shortType(type: string): string {
  return type.startsWith(PREFIX) ? type.slice(PREFIX.length) : type;
}
