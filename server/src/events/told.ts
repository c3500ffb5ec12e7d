import type { Event, Publication } from './event.ts';

/** A publication of a known source, before or after its events were made. */
export interface Told extends Publication {
  /** ARM id of the source. */
  readonly topic: string;
  /** UUID; the ids of its events come from it, so that they are the same whenever they are made. */
  readonly id: string;
}

const DATA_VERSION = '1.0';

export function eventsOf({ topic, type, id, make }: Told): readonly Event[] {
  return make().map(({ subject, data, atMs }, i) => ({ id: idOf(id, i), topic, type, subject, data, atMs, dataVersion: DATA_VERSION }));
}

/** The UUID with the event's place added to its last 32 random bits. */
function idOf(id: string, place: number): string {
  const last = (Number.parseInt(id.slice(-8), 16) + place) % 2 ** 32;
  return `${id.slice(0, -8)}${last.toString(16).padStart(8, '0')}`;
}
