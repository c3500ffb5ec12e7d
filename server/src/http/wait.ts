import { parseDuration } from '../lib/duration.ts';
import { httpErrors } from './errors.ts';

/** Below the time after which common proxies cut a silent answer. */
const LONGEST_WAIT_MS = 60_000;

/**
 * The query parameter `wait` of operations that answer as soon as there is something to tell.
 *
 * @returns milliseconds, 0 without the parameter
 * @throws ApiError 400
 */
export function waitMsOf(text: string | undefined): number {
  const waitMs = text === undefined || text === '0' ? 0 : parseDuration(text);
  if (waitMs === undefined || waitMs > LONGEST_WAIT_MS) throw httpErrors.badWait(text ?? '', LONGEST_WAIT_MS);
  return waitMs;
}
