export { Chat } from './chat.ts';
export { chatMigrations } from './store/migrations.ts';
