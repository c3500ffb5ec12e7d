import type { AssignmentType, Capabilities, NumberType } from '@switchboard/contract';
import type { Country, Offering } from './countries/country.ts';
import { phoneNumberErrors } from './errors.ts';
import { isWithin } from './owned-number.ts';

interface Wanted {
  readonly type: NumberType;
  /** Any, without one. */
  readonly assignment: AssignmentType | undefined;
  readonly capabilities: Capabilities;
}

/** The offering that has what is wanted. @throws ApiError 400 when the country has none */
export function offeringFor(country: Country, { type, assignment, capabilities }: Wanted): Offering {
  const offering = country.offerings.find((one) => one.type === type);
  if (offering === undefined) {
    const types = country.offerings.map((one) => one.type).join(', ');
    throw phoneNumberErrors.noPlan(`${country.name} has no ${type} numbers, but ${types}.`);
  }
  if (assignment !== undefined && !offering.assignments.includes(assignment))
    throw phoneNumberErrors.noPlan(`The assignment type of ${type} numbers of ${country.name} cannot be ${assignment}.`);
  const { calling, sms } = capabilities;
  if (!isWithin(calling, offering.calling) || !isWithin(sms, offering.sms))
    throw phoneNumberErrors.noPlan(`The ${type} numbers of ${country.name} have calling ${offering.calling} and sms ${offering.sms}.`);
  return offering;
}
