export { Limits, type LimitsOptions, type Preset } from './limits.ts';
export type { LimitName } from './table.ts';
