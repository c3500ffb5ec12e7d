import type { TSchema } from 'typebox';

/** A type of event that a communication resource can have. */
export interface EventType {
  /** As it stands in events, e.g. `Microsoft.Communication.SMSReceived`. Comparisons disregard case. */
  readonly name: string;
  readonly description: string;
  /** Subjects of such events; in braces the place of a value in `data`, or, where it is not there, what it is. */
  readonly subject: string;
  /** Whether a subscription that names no types gets it. */
  readonly isInDefaultSet: boolean;
  /** Whether something in the server has this event; the others only come by `POST /admin/events/trigger`. */
  readonly isEmitted: boolean;
  /** JSON schema of `data`. Members that it does not name are allowed, as everywhere in ACS. */
  readonly data: TSchema;
}

export const EVENT_TYPE_PREFIX = 'Microsoft.Communication.';

export function eventType(
  type: Pick<EventType, 'name' | 'description' | 'subject' | 'data'> & { readonly isEmitted?: boolean },
): EventType {
  return { isInDefaultSet: true, isEmitted: false, ...type, name: `${EVENT_TYPE_PREFIX}${type.name}` };
}
