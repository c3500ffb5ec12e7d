import { EVENT_CATALOGUE, type EventType, findEventType, type ListedEventType } from '@switchboard/contract';
import type { Event } from '../event.ts';
import { eventErrors } from '../errors.ts';
import type { EventSource } from '../sources.ts';
import { nearNames } from './near-names.ts';
import { type SampleChanges, sampleEvent } from './samples.ts';

export interface Trigger extends SampleChanges {
  /** In any case, with or without its prefix. */
  readonly type: string;
  /** Events that happen at once, each about other things. */
  readonly count: number;
  /** When they are to have happened. */
  readonly atMs: number;
}

const DATA_VERSION = '1.0';
/** What Event Grid takes of a publisher at once. */
const MOST_CHARACTERS = 1_000_000;

/** Makes events of the catalogue as if they had happened. @throws ApiError 400 for an unknown type, with names near to it, and for too much data */
export function triggeredEvents(
  { type, count, atMs, ...changes }: Trigger,
  { id: sourceId, topic }: EventSource,
  uuid: () => string,
): Event[] {
  const found = findEventType(type);
  if (found === undefined) throw eventErrors.unknownType(type, nearNames(type));
  if (count * JSON.stringify(changes.data ?? {}).length > MOST_CHARACTERS)
    throw eventErrors.invalid('data', `is too much for ${count} events: together at most 1 MB`, 'Ask for fewer events or smaller ones.');
  return Array.from({ length: count }, () => ({
    id: uuid(),
    topic,
    type: found.name,
    dataVersion: DATA_VERSION,
    ...sampleEvent(found, changes, { sourceId, atMs, uuid }),
  }));
}

/** Every type of the catalogue with a sample. */
export function sampledTypes({ id: sourceId }: EventSource, atMs: number, uuid: () => string): ListedEventType[] {
  const groups: [string, readonly EventType[]][] = Object.entries(EVENT_CATALOGUE);
  return groups.flatMap(([group, types]) =>
    types.map((type) => {
      const { name, description, isEmitted } = type;
      const { subject, data } = sampleEvent(type, {}, { sourceId, atMs, uuid });
      return { name, group, description, isEmitted, sample: { subject, data } };
    }),
  );
}
