import type { Event, Publication } from './event.ts';

const DATA_VERSION = '1.0';

/**
 * The events of a publication.
 *
 * @param id UUID; the ids of the events come from it, so that they are the same whenever they are made
 * @param topic ARM id of the source
 */
export function eventsOf({ type, make }: Publication, { id, topic }: { readonly id: string; readonly topic: string }): readonly Event[] {
  return make().map(({ subject, data, atMs }, i) => ({ id: idOf(id, i), topic, type, subject, data, atMs, dataVersion: DATA_VERSION }));
}

/** The UUID with the event's place added to its last 32 random bits. */
function idOf(id: string, place: number): string {
  const last = (Number.parseInt(id.slice(-8), 16) + place) % 2 ** 32;
  return `${id.slice(0, -8)}${last.toString(16).padStart(8, '0')}`;
}
