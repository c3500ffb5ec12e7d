import { CALLING_EVENTS } from './calling.ts';
import { CHAT_EVENTS } from './chat.ts';
import { EVENT_TYPE_PREFIX, type EventType } from './event-type.ts';
import { MESSAGING_EVENTS } from './messaging.ts';
import { ROUTER_EVENTS } from './router.ts';

export { EVENT_TYPE_PREFIX, type EventType } from './event-type.ts';

/**
 * Every type of event of a communication resource, in groups. Names, members and subjects are those of Microsoft's schemas
 * of 2018-01-01, and of its JavaScript client where that is newer.
 */
export const EVENT_CATALOGUE = {
  Chat: CHAT_EVENTS,
  'Calls and recordings': CALLING_EVENTS,
  'SMS, email and channels': MESSAGING_EVENTS,
  'Job router': ROUTER_EVENTS,
} as const satisfies Readonly<Record<string, readonly EventType[]>>;

export const EVENT_TYPES: readonly EventType[] = Object.values(EVENT_CATALOGUE).flat();

const BY_NAME: ReadonlyMap<string, EventType> = new Map(
  EVENT_TYPES.flatMap((type) => [
    [type.name.toLowerCase(), type],
    [type.name.slice(EVENT_TYPE_PREFIX.length).toLowerCase(), type],
  ]),
);

/**
 * The type of this name, in any case, with or without its prefix.
 *
 * @example findEventType('smsreceived')?.name === 'Microsoft.Communication.SMSReceived'
 */
export function findEventType(name: string): EventType | undefined {
  return BY_NAME.get(name.toLowerCase());
}
