export type { PushEffect, RequestEffect } from './effects.ts';
export { FaultRules, type PushFaults, type RequestFaults } from './fault-rules.ts';
