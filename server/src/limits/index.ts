export { Limits, type LimitsOptions } from './limits.ts';
export { RateLimiter } from './rate-limiter.ts';
export { LIMITS, type LimitRow, type RateName } from './table.ts';
