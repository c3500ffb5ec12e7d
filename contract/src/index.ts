export * from './admin/index.ts';
export * from './chat/index.ts';
export * from './common.ts';
export * from './errors.ts';
export * from './events/index.ts';
export * from './identity.ts';
export * from './live.ts';
export * from './operation.ts';
export { OPERATIONS } from './operations.ts';
