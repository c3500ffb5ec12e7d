export { Limits, type LimitsOptions } from './limits.ts';
export { RateLimiter } from './rate-limiter.ts';
export { SlidingWindows } from './sliding-windows.ts';
export { LIMITS, type LimitRow, type RateName } from './table.ts';
