/** Chat as an administrator sees it and acts in it. */
export * from './messages.ts';
export * from './participants.ts';
export * from './presence.ts';
export * from './threads.ts';
