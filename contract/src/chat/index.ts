export * from './messages.ts';
export * from './participants.ts';
export * from './real-time-config.ts';
export * from './receipts-and-typing.ts';
export * from './threads.ts';
