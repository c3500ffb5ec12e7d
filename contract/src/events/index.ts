export * from './event.ts';
export * from './subscription.ts';
