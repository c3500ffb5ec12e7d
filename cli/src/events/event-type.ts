import { EVENT_TYPE_PREFIX } from '@switchboard/contract';

/** The whole name of an event type, of which the prefix of ACS may be left out. */
export function wholeType(text: string): string {
  const type = text.trim();
  return type.includes('.') ? type : `${EVENT_TYPE_PREFIX}${type}`;
}

/** The same for people. */
export function shortType(type: string): string {
  return type.startsWith(EVENT_TYPE_PREFIX) ? type.slice(EVENT_TYPE_PREFIX.length) : type;
}
