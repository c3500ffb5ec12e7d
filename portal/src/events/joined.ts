import type { LoggedEvent } from '@switchboard/contract';

/**
 * The log has an event once more each time it is replayed; people see one event with all its deliveries, the newest first.
 *
 * @param events newest first
 */
export function joined(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
  const byId = new Map<string, LoggedEvent>();
  for (const logged of events) {
    const key = `${logged.source} ${logged.event.id}`;
    const newer = byId.get(key);
    byId.set(key, newer === undefined ? logged : { ...newer, deliveries: [...newer.deliveries, ...logged.deliveries] });
  }
  return [...byId.values()];
}
