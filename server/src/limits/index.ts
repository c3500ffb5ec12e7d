export { Limits, type LimitsOptions, type Preset } from './limits.ts';
export { RateLimiter } from './rate-limiter.ts';
export type { LimitName, RateName } from './table.ts';
