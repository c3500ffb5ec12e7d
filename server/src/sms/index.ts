export { numberSince } from './oversight/sms-query.ts';
export { Sms } from './sms.ts';
export { smsMigrations } from './store/migrations.ts';
