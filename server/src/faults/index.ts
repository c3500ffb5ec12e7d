export { FaultRules } from './fault-rules.ts';
