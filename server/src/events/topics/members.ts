import { customTopicErrors } from './errors.ts';

type Item = Readonly<Record<string, unknown>>;

/** A text that must be there. @throws ApiError 400 */
export function textIn(item: Item, name: string, at: string): string {
  const value = item[name];
  if (typeof value !== 'string' || value === '')
    throw customTopicErrors.malformed(
      `${at}.${name}`,
      value === undefined || value === null ? 'is required' : 'must be a text that is not empty',
    );
  return value;
}

/** A text that may be left out. @throws ApiError 400 */
export function optionalText(item: Item, name: string, at: string): string | undefined {
  const value = item[name];
  return value === undefined || value === null ? undefined : textIn(item, name, at);
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;
const ZONELESS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?$/;

/** Epoch milliseconds of a time as RFC 3339 has it; without a zone it is UTC. @throws ApiError 400 */
export function timeMsOf(text: string, at: string): number {
  const ms = TIME.test(text) ? Date.parse(text) : ZONELESS.test(text) ? Date.parse(`${text}Z`) : NaN;
  if (Number.isNaN(ms)) throw customTopicErrors.malformed(at, 'must be a time such as 2026-01-31T10:00:00Z');
  return ms;
}
