import { EVENT_TYPE_PREFIX, EVENT_TYPES } from '@switchboard/contract';

const MOST_NAMED = 3;
/** Longer texts are nobody's slip of the keyboard. */
const LONGEST = 80;

/** Names of event types that somebody may have meant, the nearest first; without their prefix. */
export function nearNames(name: string): readonly string[] {
  const wanted = name.toLowerCase().replace(EVENT_TYPE_PREFIX.toLowerCase(), '').slice(0, LONGEST);
  return EVENT_TYPES.map((type) => type.name.slice(EVENT_TYPE_PREFIX.length))
    .map((known) => ({ known, distance: distanceOf(wanted, known.toLowerCase()) }))
    .filter(({ distance, known }) => distance <= Math.max(wanted.length, known.length) / 2)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_NAMED)
    .map(({ known }) => known);
}

/** How many letters have to be put in, left out or exchanged to make the one of the other; a part of it is near. */
function distanceOf(wanted: string, known: string): number {
  if (wanted.length > 2 && known.includes(wanted)) return 0;
  let previous = Array.from({ length: known.length + 1 }, (_, j) => j);
  for (let i = 1; i <= wanted.length; i++) {
    const current = [i];
    for (let j = 1; j <= known.length; j++) {
      const exchanged = (previous[j - 1] ?? 0) + (wanted[i - 1] === known[j - 1] ? 0 : 1);
      current.push(Math.min(exchanged, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
