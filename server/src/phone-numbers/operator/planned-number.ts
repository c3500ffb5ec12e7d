import type { AssignmentType, Capabilities, GivenNumber } from '@switchboard/contract';
import { findCountry } from '../countries/countries.ts';
import { emergencyNumberOf } from '../countries/emergency.ts';
import { countryOfNumber, isE164 } from '../countries/number.ts';
import { placeOf } from '../countries/place-of.ts';
import { isShortCode, SHORT_CODE_MONTHLY_USD, shortCodesOf } from '../countries/short-codes.ts';
import { phoneNumberErrors } from '../errors.ts';
import type { OwnedNumber } from '../owned-number.ts';

type NumberType = OwnedNumber['type'];

/** A number that is to be given to a resource, with everything that is to be known of it. */
export interface PlannedNumber {
  /** Undefined for one that is to be picked. */
  readonly number: string | undefined;
  readonly country: string;
  readonly type: NumberType;
  /** In which a number is picked. */
  readonly areaCode: string | undefined;
  readonly assignment: AssignmentType;
  readonly capabilities: Capabilities;
  readonly monthlyCents: number;
  readonly carrier: string | undefined;
}

/**
 * Checks what is said of a number, and adds what is known.
 *
 * @param target where it stands, e.g. `phoneNumbers[0]`
 * @throws ApiError 400 naming the field
 */
export function plannedNumberOf(given: GivenNumber, target: string): PlannedNumber {
  const { phoneNumber: number, assignmentType, carrier, monthlyCost } = given;
  if (number !== undefined) checkNumber(number, `${target}.phoneNumber`);
  if (number !== undefined && given.areaCode !== undefined) throw phoneNumberErrors.areaCodeOfNumber(`${target}.areaCode`);
  const type = typeOf(given);
  if (number !== undefined && (type === 'shortCode') !== isShortCode(number))
    throw phoneNumberErrors.otherForm(`${target}.phoneNumberType`, type);
  const country = countryOf(given, `${target}.countryCode`);
  const known = defaultsOf(type, country);
  if (number === undefined && known === undefined)
    throw phoneNumberErrors.nothingToPick(`${target}.phoneNumberType`, `${type} of ${country}`);
  return {
    number,
    country,
    type,
    areaCode: given.areaCode,
    assignment: assignmentType ?? 'application',
    capabilities: given.capabilities ?? known?.capabilities ?? { calling: 'inbound+outbound', sms: 'inbound+outbound' },
    monthlyCents: Math.round((monthlyCost ?? known?.monthlyUsd ?? 0) * 100),
    carrier,
  };
}

function checkNumber(number: string, target: string): void {
  if (emergencyNumberOf(number) !== undefined) throw phoneNumberErrors.emergencyNumber(target, number);
  if (!isE164(number) && !isShortCode(number)) throw phoneNumberErrors.badNumber(target, number);
}

function typeOf({ phoneNumber, phoneNumberType }: GivenNumber): NumberType {
  if (phoneNumberType !== undefined) return phoneNumberType;
  if (phoneNumber === undefined) return 'tollFree';
  if (isShortCode(phoneNumber)) return 'shortCode';
  return placeOf(phoneNumber)?.area.type ?? 'geographic';
}

function countryOf({ phoneNumber, countryCode }: GivenNumber, target: string): string {
  if (countryCode !== undefined) {
    if (!/^[a-z]{2}$/i.test(countryCode)) throw phoneNumberErrors.badCountry(target, countryCode);
    return countryCode.toUpperCase();
  }
  if (phoneNumber === undefined || isShortCode(phoneNumber)) return 'US';
  const found = placeOf(phoneNumber)?.country ?? countryOfNumber(phoneNumber);
  if (found === undefined) throw phoneNumberErrors.countryWanted(target, phoneNumber);
  return found.code;
}

/** What is offered of a type in a country; undefined when nothing is. */
function defaultsOf(type: NumberType, country: string): { readonly capabilities: Capabilities; readonly monthlyUsd: number } | undefined {
  if (type === 'shortCode') {
    if (shortCodesOf(country).length === 0) return undefined;
    return { capabilities: { calling: 'none', sms: 'inbound+outbound' }, monthlyUsd: SHORT_CODE_MONTHLY_USD };
  }
  const offering = findCountry(country)?.offerings.find((one) => one.type === type);
  return offering && { capabilities: { calling: offering.calling, sms: offering.sms }, monthlyUsd: offering.monthlyUsd };
}
