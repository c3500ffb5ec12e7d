const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/** A time of the wire (RFC 3339, up to seven digits of a second) in milliseconds since the epoch; undefined for anything else. */
export function readTime(text: string): number | undefined {
  // A plus sign in a query that was not encoded arrives as a space.
  const ms = FORM.test(text.replace(' ', '+')) ? Date.parse(text.replace(' ', '+').toUpperCase()) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
