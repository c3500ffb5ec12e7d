import { shortId } from '../requests/pretty.ts';
import type { Participant } from './chat-api.ts';

/** How users are called: by display name where they have one, else by the end of their id. */
export function nameOf(participants: readonly Participant[], id: string): string {
  const name = participants.find((participant) => participant.id === id)?.displayName;
  return name === undefined || name === '' ? shortId(id) : name;
}

/** "22 Nov 2026, 10:00:00" in the reader's time zone. */
export function formatTime(iso: string): string {
  return new Date(iso).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium', hour12: false });
}

/** "a, b and 3 others". */
export function listNames(names: readonly string[], shown = 3): string {
  const others = names.length - shown;
  const all = others > 0 ? [...names.slice(0, shown), `${others} ${others === 1 ? 'other' : 'others'}`] : names;
  return new Intl.ListFormat('en').format(all);
}
