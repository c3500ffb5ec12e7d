import type { Timers } from '../../lib/timers.ts';

/** What can be told to write what it has gathered. */
export interface Flushable {
  flushNow(): void;
  /** Writes what found nothing to travel along with; by now it may have. */
  flushAlong(): void;
}

/**
 * Milliseconds between two writes to a socket that is sent one message after another. A write costs the kernel more than
 * everything else a push needs, so a socket that was just written to collects frames for a moment; one that was not is
 * written to at once.
 */
export const BUSY_GAP_MS = 10;
/** How long a message that nobody waits for may wait for another to travel along with; as TCP delays its acknowledgements. */
const ALONE_AFTER_MS = 200;

// One callback for all that wait for the same.
const soon: Flushable[] = [];
const later: Flushable[] = [];
const along: Flushable[] = [];

/** Flushes at the end of this turn of the event loop. */
export function flushSoon(connection: Flushable): void {
  if (soon.push(connection) === 1) setImmediate(() => flushAll(soon));
}

/** Flushes when the gap is over. */
export function flushLater(connection: Flushable, timers: Timers): void {
  if (later.push(connection) === 1) timers.after(BUSY_GAP_MS, () => flushAll(later));
}

/** Flushes what nobody waits for, when it has waited long enough for something to travel along with. */
export function flushAtLast(connection: Flushable, timers: Timers): void {
  if (along.push(connection) > 1) return;
  timers.after(ALONE_AFTER_MS, () => {
    for (const waiting of along.splice(0)) waiting.flushAlong();
  });
}

function flushAll(connections: Flushable[]): void {
  for (const connection of connections.splice(0)) connection.flushNow();
}
