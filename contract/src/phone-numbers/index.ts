export * from './acquisition.ts';
export * from './long-running.ts';
export * from './owned.ts';
export type { AssignmentType, Capabilities, Capability, NumberType } from './shapes.ts';
