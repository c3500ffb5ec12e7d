import { EVENT_TYPE_PREFIX, EVENT_TYPES } from '@switchboard/contract';

/** The whole name of an event type, of which the prefix of ACS may be left out. */
export function wholeType(text: string): string {
  const type = text.trim();
  return type.includes('.') ? type : `${EVENT_TYPE_PREFIX}${type}`;
}

/** Whether it can only be a slip: a type of ACS that is not in the catalogue. Others are those of custom topics. */
export function isUnknown(whole: string): boolean {
  const type = whole.toLowerCase();
  return type.startsWith(EVENT_TYPE_PREFIX.toLowerCase()) && !EVENT_TYPES.some(({ name }) => name.toLowerCase() === type);
}

/** The same for people. */
export function shortType(type: string): string {
  return type.startsWith(EVENT_TYPE_PREFIX) ? type.slice(EVENT_TYPE_PREFIX.length) : type;
}
