export { Chat } from './chat.ts';
export { parseMessageType } from './message-service.ts';
export { idSince } from './oversight/message-query.ts';
export { wireAdminMessage, wireConnection, wirePresence, wireThreadDetails, wireThreadOverview } from './oversight/wire.ts';
export { parseParticipants } from './participants.ts';
export { parseRetentionPolicy } from './retention-policy.ts';
export { chatMigrations } from './store/migrations.ts';
