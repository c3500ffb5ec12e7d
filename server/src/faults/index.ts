export type { PushEffect, RequestEffect } from './effects.ts';
export { type DeliveryFaults, FaultRules, type PushFaults, type RequestFaults } from './fault-rules.ts';
