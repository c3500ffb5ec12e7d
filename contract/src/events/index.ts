export * from './catalogue/index.ts';
export * from './event.ts';
export * from './publish.ts';
export * from './subscription.ts';
export * from './validation.ts';
