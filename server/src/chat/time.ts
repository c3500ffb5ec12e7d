import { chatErrors } from './errors.ts';

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * A time of the wire (RFC 3339, up to seven digits of a second) in milliseconds since the epoch.
 *
 * @throws ApiError 400 naming the field
 */
export function parseTime(text: string, target: string): number {
  const ms = readTime(text);
  if (ms === undefined) throw chatErrors.invalid(target, 'must be a time such as 2026-01-31T10:00:00Z');
  return ms;
}

/** The same for who says what is wrong with it: undefined for anything else. */
export function readTime(text: string): number | undefined {
  // A plus sign in a query that was not encoded arrives as a space.
  const ms = FORM.test(text.replace(' ', '+')) ? Date.parse(text.replace(' ', '+').toUpperCase()) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** Times on the wire carry whole seconds, as the service sends them. */
export function wireSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
