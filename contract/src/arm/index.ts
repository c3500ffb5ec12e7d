export { ARM_VERSIONS, EVENT_GRID } from './arm.ts';
export * from './event-subscriptions.ts';
export * from './system-topics.ts';
export * from './topic-types.ts';
export * from './topics.ts';
