export { Sms } from './sms.ts';
export { smsMigrations } from './store/migrations.ts';
