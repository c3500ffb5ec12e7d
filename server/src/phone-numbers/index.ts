export { PhoneNumbers } from './phone-numbers.ts';
export { phoneNumberMigrations } from './store/migrations.ts';
