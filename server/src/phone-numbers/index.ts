export { type PlannedNumber, plannedNumberOf } from './operator/planned-number.ts';
export type { OwnedNumber } from './owned-number.ts';
export { PhoneNumbers } from './phone-numbers.ts';
export { phoneNumberMigrations } from './store/migrations.ts';
