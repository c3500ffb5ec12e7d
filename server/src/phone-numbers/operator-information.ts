import type { OperatorInformation } from '@switchboard/contract';
import type parsePhoneNumber from 'libphonenumber-js/max';
import type { MaybePromise } from '../storage/index.ts';
import { isE164 } from './countries/number.ts';
import { placeOf } from './countries/place-of.ts';
import { phoneNumberErrors } from './errors.ts';
import type { OwnedNumber } from './owned-number.ts';

type Parsed = ReturnType<typeof parsePhoneNumber>;

/** 999 is for networks that are nobody’s (ITU-T E.212, annex A). */
const SIMULATED = { name: 'Simulated carrier', mobileNetworkCode: '99', mobileCountryCode: '999' };

/** The tables of all countries take a while to read: that is for whoever asks first. */
let library: Promise<{ readonly default: typeof parsePhoneNumber }> | undefined;

/**
 * How a number is written, of which kind it is, and who operates it.
 *
 * @throws ApiError 400 unless there is exactly one, in the E.164 form
 */
export async function operatorInformationOf(
  numbers: readonly string[],
  { isDetailed, owned }: { readonly isDetailed: boolean; readonly owned: (number: string) => MaybePromise<OwnedNumber | undefined> },
): Promise<OperatorInformation> {
  const [phoneNumber, ...others] = numbers;
  if (phoneNumber === undefined || others.length > 0) throw phoneNumberErrors.oneNumberOnly();
  if (!isE164(phoneNumber)) throw phoneNumberErrors.badLookUp(phoneNumber);
  const { default: parse } = await (library ??= import('libphonenumber-js/max'));
  const parsed = parse(phoneNumber);
  const formats =
    parsed === undefined ? {} : { nationalFormat: parsed.formatNational(), internationalFormat: parsed.formatInternational() };
  if (!isDetailed) return { phoneNumber, ...formats };
  const place = placeOf(phoneNumber);
  const isoCountryCode = place?.country.code ?? parsed?.country;
  const numberType = place === undefined ? typeOf(parsed) : TYPES[place.area.type];
  return {
    phoneNumber,
    ...formats,
    ...(isoCountryCode === undefined ? {} : { isoCountryCode }),
    numberType,
    ...(numberType === 'unknown' ? {} : { operatorDetails: detailsOf(numberType, await owned(phoneNumber)) }),
  };
}

type NumberType = 'geographic' | 'mobile' | 'other' | 'unknown';

const TYPES = { geographic: 'geographic', mobile: 'mobile', tollFree: 'other' } as const;

function typeOf(parsed: Parsed): NumberType {
  switch (parsed?.getType()) {
    case undefined:
      return 'unknown';
    case 'FIXED_LINE':
    case 'FIXED_LINE_OR_MOBILE':
      return 'geographic';
    case 'MOBILE':
      return 'mobile';
    default:
      return 'other';
  }
}

function detailsOf(type: NumberType, owned: OwnedNumber | undefined) {
  const name = owned?.carrier ?? SIMULATED.name;
  return type === 'mobile' ? { ...SIMULATED, name } : { name };
}
