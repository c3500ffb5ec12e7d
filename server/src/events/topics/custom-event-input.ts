import type { Event } from '../event.ts';
import { customTopicErrors } from './errors.ts';
import { timeMsOf } from './members.ts';
import type { Reading } from './reading.ts';

type Item = Readonly<Record<string, unknown>>;
interface Field {
  readonly sourceField?: string | null;
  readonly defaultValue?: string | null;
}

/** An event in the publisher's own schema: what stands for the members of an event, the topic's mapping says. @throws ApiError 400 */
export function readCustomEvent(item: Item, { topic, topicId, at, nowMs, newKey }: Reading): Event {
  const { id, eventTime, eventType, subject, dataVersion } = topic.mapping?.properties ?? {};
  const key = newKey();
  const time = mapped(item, eventTime, at);
  return {
    id: mapped(item, id, at) ?? key,
    key,
    topic: topicId,
    type: required(item, eventType, { at, what: 'event type' }),
    subject: required(item, subject, { at, what: 'subject' }),
    data: item,
    atMs: time === undefined ? nowMs : timeMsOf(time, `${at}.${eventTime?.sourceField ?? ''}`),
    ...(time === undefined ? {} : { time }),
    dataVersion: required(item, dataVersion, { at, what: 'data version' }),
    isCustom: true,
  };
}

function required(item: Item, field: Field | null | undefined, { at, what }: { readonly at: string; readonly what: string }): string {
  const found = mapped(item, field, at) ?? field?.defaultValue ?? undefined;
  if (found === undefined)
    throw customTopicErrors.malformed(`${at}.${field?.sourceField ?? ''}`, `is required: the topic takes the ${what} from it`);
  return found;
}

/** The value of the member that a mapping names; a dot leads into an object. */
function mapped(item: Item, field: Field | null | undefined, at: string): string | undefined {
  const name = field?.sourceField ?? '';
  if (name === '') return undefined;
  const value = Object.hasOwn(item, name) ? item[name] : within(item, name.split('.'));
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string')
    throw customTopicErrors.malformed(`${at}.${name}`, 'must be a text, since the mapping of the topic names it');
  return value;
}

function within(value: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, first)) return undefined;
  return within((value as Item)[first], rest);
}
