import { readTime } from '../lib/wire-time.ts';
import { chatErrors } from './errors.ts';

/**
 * A time of the wire in milliseconds since the epoch, see {@link readTime}.
 *
 * @throws ApiError 400 naming the field
 */
export function parseTime(text: string, target: string): number {
  const ms = readTime(text);
  if (ms === undefined) throw chatErrors.invalid(target, 'must be a time such as 2026-01-31T10:00:00Z');
  return ms;
}

/** Times on the wire carry whole seconds, as the service sends them. */
export function wireSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
