/** `YYMMDDhhmmss`, tenths of a second, quarters of an hour, and which way they go; R for a time from now on. */
const PATTERN = /^(\d{12})(\d)(\d{2})([-+R])$/;
const QUARTER_HOUR_MS = 15 * 60_000;
const MOST_QUARTERS = 48;
const CENTURY = 2_000;
const DAY_MS = 24 * 3_600_000;
/** Longer ones would need months, which are of different lengths. */
const LONGEST_RELATIVE_MS = 31 * DAY_MS;

/**
 * Reads a time of SMPP 3.4 section 7.1.1, absolute with its offset from UTC or relative to `nowMs`.
 *
 * @returns milliseconds since the epoch; undefined for anything else, the empty text included
 */
export function readTime(text: string, nowMs: number): number | undefined {
  const [, digits = '', tenths, quarters, sign] = PATTERN.exec(text) ?? [];
  if (sign === undefined) return undefined;
  if (sign === 'R') return later(nowMs, digits);
  const local = readCompactTime(digits);
  if (local === undefined || Number(quarters) > MOST_QUARTERS) return undefined;
  const offsetMs = Number(quarters) * QUARTER_HOUR_MS * (sign === '+' ? 1 : -1);
  return local + Number(tenths) * 100 - offsetMs;
}

/** An absolute time, in UTC. @param atMs milliseconds since the epoch */
export function absoluteTime(atMs: number): string {
  return `${compactTime(atMs, 'seconds')}000+`;
}

/**
 * A time from now on.
 *
 * @param durationMs rounded up to seconds
 * @throws RangeError for more than 31 days
 */
export function relativeTime(durationMs: number): string {
  if (durationMs < 0 || durationMs > LONGEST_RELATIVE_MS) throw new RangeError('a relative time is from 0 to 31 days');
  const seconds = Math.ceil(durationMs / 1_000);
  const parts = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  return `0000${parts.map((part) => String(part).padStart(2, '0')).join('')}000R`;
}

/** `YYMMDDhhmm`, or with seconds behind, in UTC. @param atMs milliseconds since the epoch */
export function compactTime(atMs: number, precision: 'minutes' | 'seconds'): string {
  const digits = new Date(atMs).toISOString().replace(/\D/g, '');
  return digits.slice(2, precision === 'minutes' ? 12 : 14);
}

/** Reads `YYMMDDhhmmss` as a time in UTC. @returns milliseconds since the epoch; undefined when there is no such time */
export function readCompactTime(digits: string): number | undefined {
  const [years, months, days, hours, minutes, seconds] = pairs(digits);
  const atMs = Date.UTC(CENTURY + years, months - 1, days, hours, minutes, seconds);
  // A 31st of February comes back as another day.
  return Number.isFinite(atMs) && compactTime(atMs, 'seconds') === digits ? atMs : undefined;
}

/** @param digits years, months, days, hours, minutes and seconds */
function later(fromMs: number, digits: string): number {
  const [years, months, days, hours, minutes, seconds] = pairs(digits);
  const at = new Date(fromMs);
  at.setUTCFullYear(at.getUTCFullYear() + years, at.getUTCMonth() + months);
  return at.getTime() + days * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}

function pairs(digits: string): [number, number, number, number, number, number] {
  const pair = (index: number): number => Number(digits.slice(index * 2, index * 2 + 2));
  return [pair(0), pair(1), pair(2), pair(3), pair(4), pair(5)];
}
