export * from './chat/index.ts';
export * from './clock.ts';
export * from './events.ts';
export * from './faults.ts';
export { updateAdminChatThread } from './message-retention.ts';
export * from './requests.ts';
export * from './resources.ts';
export * from './server.ts';
export * from './state.ts';
