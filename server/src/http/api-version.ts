import { httpErrors } from './errors.ts';

const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:-?[a-z][a-z0-9.-]{0,30})?$/;

/** The service's first public preview; nothing older was ever published. */
const EARLIEST = '2020-07-20';

/** Values that passed before: clients send the same one with every call. */
const KNOWN_GOOD = new Set<string>();
const MAX_KNOWN_GOOD = 100;

/**
 * Checks `api-version`. Clients pin dates, so every published form is served by the one implementation, and a date newer
 * than those known is served as the newest.
 *
 * @throws ApiError 400 when it is missing, given twice, not a calendar date, or older than the service
 */
export function checkApiVersion(value: unknown): string {
  if (typeof value === 'string' && KNOWN_GOOD.has(value)) return value;
  if (value === undefined || value === '') throw httpErrors.noApiVersion();
  if (typeof value !== 'string') throw httpErrors.unsupportedApiVersion('given more than once');
  const match = FORM.exec(value);
  if (match === null || !isCalendarDate(value.slice(0, 10)) || value.slice(0, 10) < EARLIEST) throw httpErrors.unsupportedApiVersion(value);
  if (KNOWN_GOOD.size < MAX_KNOWN_GOOD) KNOWN_GOOD.add(value);
  return value;
}

/** Checks `api-version` of an API of which certain versions are known. @throws ApiError 400 naming them */
export function checkKnownVersion(value: unknown, known: readonly string[]): string {
  if (value === undefined || value === '') throw httpErrors.noApiVersion();
  if (typeof value === 'string' && known.includes(value)) return value;
  throw httpErrors.unknownApiVersion(typeof value === 'string' ? value : 'given more than once', known);
}

function isCalendarDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
