import { ApiError } from '../lib/errors.ts';
import type { Limits } from './limits.ts';
import { type LimitRow, LIMITS, type RateName } from './table.ts';

/** @param leftMs until it would pass */
export function rateRefusal(limits: Limits, name: RateName, leftMs: number): ApiError {
  const row: LimitRow = LIMITS[name];
  const seconds = Math.max(1, Math.ceil(leftMs / 1000));
  const without = (['handbook', 'azure'] as const).filter((preset) => row[preset] === null);
  const passes = without.length > 0 ? `the preset ${without.join(' and ')} has no such limit` : 'every preset has this limit';
  const message = `More than ${limits.value(name)} ${row.unit}: limit ${name} under the preset ${limits.preset}; ${passes}. Try again in ${seconds} s.`;
  return new ApiError('TooManyRequests', message, {
    retryAfterSeconds: seconds,
    explanation: {
      rule: `limit.${name}`,
      cure: 'Spread the calls, honour Retry-After, or choose another preset. GET /admin/limits lists all.',
      limit: { name, value: limits.value(name), preset: limits.preset },
    },
  });
}
