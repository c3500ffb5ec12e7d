import { ApiError } from '../lib/errors.ts';

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

/** Refusals of phone numbers. Where the service's own words are known, they come first. */
export const phoneNumberErrors = {
  badNumber: (target: string, text: string) =>
    new ApiError('BadRequest', `${target} ${quoted(text)} is not a phone number in the E.164 format, such as +14255550123.`, {
      target,
      explanation: { rule: 'phone-number.form', cure: 'Send a plus sign, the country code and the number, digits only.' },
    }),
  unknownCountry: (code: string, known: readonly string[]) =>
    new ApiError(
      'InvalidInput',
      `Unable to parse country code. There are no numbers of ${quoted(code)} here; there are of ${known.join(', ')}.`,
      {
        target: 'countryCode',
        explanation: {
          rule: 'phone-number.country',
          cure: 'Use the ISO 3166-1 code of a country in GET /availablePhoneNumbers/countries.',
        },
      },
    ),
  noPlan: (what: string) =>
    new ApiError('BadRequest', `We are unable to find phone plans to match your requested capabilities. ${what}`, {
      explanation: {
        rule: 'phone-number.offering',
        cure: 'Compare with GET /availablePhoneNumbers/countries/{countryCode}/offerings: it lists type, assignment and capabilities.',
      },
    }),
  unsupportedCapabilities: (target: string, what: string) =>
    new ApiError('InvalidInput', `Unsupported capabilities requested. ${what}`, {
      target,
      explanation: { rule: 'phone-number.capabilities', cure: 'Ask for no more than the number’s offering has, and for at least one.' },
    }),
  badAreaCode: (text: string) =>
    new ApiError('BadRequest', `areaCode ${quoted(text)} is not an area code: it has digits only.`, {
      target: 'areaCode',
      explanation: { rule: 'phone-number.area-code', cure: 'Use one of GET /availablePhoneNumbers/countries/{countryCode}/areaCodes.' },
    }),
  unknownSearch: (id: string) =>
    new ApiError('NotFound', `There is no search ${quoted(id)} in this resource.`, {
      target: 'searchId',
      explanation: { rule: 'phone-number.search-unknown', cure: 'Search first; searches of other resources are not visible here.' },
    }),
  unknownOperation: (id: string) =>
    new ApiError('NotFound', `There is no operation ${quoted(id)} in this resource.`, {
      target: 'operationId',
      explanation: {
        rule: 'phone-number.operation-unknown',
        cure: 'Use the operation-id of the answer that began it; it is kept for 30 days.',
      },
    }),
  operationEnded: (id: string) =>
    new ApiError('Conflict', `Operation ${quoted(id)} has ended and cannot be cancelled any more.`, {
      target: 'operationId',
      explanation: { rule: 'phone-number.operation-ended', cure: 'Release the number, or change its capabilities again, to undo it.' },
    }),
  resaleAgreement: () =>
    new ApiError('BadRequest', 'Do not resell agreement was not provided and it is required for this purchase.', {
      target: 'agreeToNotResell',
      explanation: { rule: 'phone-number.resale', cure: 'Send "agreeToNotResell": true; numbers of this country may not be sold on.' },
    }),
  resaleConsent: () =>
    new ApiError('BadRequest', 'Consent not provided to not resell the phone numbers', {
      target: 'agreeToNotResell',
      explanation: { rule: 'phone-number.resale', cure: 'Send "agreeToNotResell": true; some of these numbers may not be sold on.' },
    }),
  badReservationId: (id: string) =>
    new ApiError('BadRequest', `reservationId ${quoted(id)} is not a UUID.`, {
      target: 'reservationId',
      explanation: { rule: 'phone-number.reservation-id', cure: 'Choose a UUID for the reservation.' },
    }),
  unknownReservation: (id: string) =>
    new ApiError('NotFound', `There is no reservation ${quoted(id)} in this resource.`, {
      target: 'reservationId',
      explanation: { rule: 'phone-number.reservation-unknown', cure: 'Make it with PATCH first; it is kept for 30 days.' },
    }),
  reservationNotActive: (id: string, status: string) =>
    new ApiError('Conflict', `Reservation ${quoted(id)} is ${status}; only an active one can be changed, deleted or purchased.`, {
      target: 'reservationId',
      explanation: {
        rule: 'phone-number.reservation-status',
        cure: 'Make another reservation. One lasts for 15 minutes from its last change, and for 2 hours at most.',
      },
    }),
  emptyReservation: (id: string) =>
    new ApiError('Conflict', `Reservation ${quoted(id)} holds no phone numbers.`, {
      target: 'reservationId',
      explanation: { rule: 'phone-number.reservation-empty', cure: 'Add phone numbers with PATCH first.' },
    }),
  oneNumberOnly: () =>
    new ApiError('BadRequest', 'Can only accept one phoneNumber', {
      target: 'phoneNumbers',
      explanation: { rule: 'phone-number.look-up', cure: 'Look numbers up one by one.' },
    }),
  badLookUp: (text: string) =>
    new ApiError('BadRequest', `Invalid Phone Number format. phoneNumbers[0] ${quoted(text)} is not of the form +14255550123.`, {
      target: 'phoneNumbers[0]',
      explanation: { rule: 'phone-number.form', cure: 'Send a plus sign, the country code and the number, digits only.' },
    }),
  areaCodeOfNumber: (target: string) =>
    new ApiError('BadRequest', `${target} goes with a number that is picked, not with one that is given.`, {
      target,
      explanation: { rule: 'phone-number.load', cure: 'Leave out phoneNumber or areaCode.' },
    }),
  otherForm: (target: string, type: string) =>
    new ApiError('BadRequest', `${target} is ${type}, but the number has the form of another type.`, {
      target,
      explanation: { rule: 'phone-number.load', cure: 'Short codes have five or six digits and no plus sign, all other numbers have one.' },
    }),
  badCountry: (target: string, code: string) =>
    new ApiError('BadRequest', `${target} ${quoted(code)} is not a country code.`, {
      target,
      explanation: { rule: 'phone-number.load', cure: 'Use an ISO 3166-1 code of two letters, such as US.' },
    }),
  countryWanted: (target: string, number: string) =>
    new ApiError('BadRequest', `${target} is required: the country of ${number} is not known here.`, {
      target,
      explanation: { rule: 'phone-number.load', cure: 'Say the ISO 3166-1 code of its country.' },
    }),
  emergencyNumber: (target: string, number: string) =>
    new ApiError('BadRequest', `${target} ${quoted(number)} is an emergency number; nobody can own it.`, {
      target,
      explanation: { rule: 'phone-number.emergency', cure: 'Emergency services need a certified provider.' },
    }),
  nothingToPick: (target: string, what: string) =>
    new ApiError('BadRequest', `${target}: there are no free fictitious numbers of this kind (${what}).`, {
      target,
      explanation: { rule: 'phone-number.load', cure: 'Name the number, or ask for another type, country or area code.' },
    }),
  taken: (target: string, number: string) =>
    new ApiError('Conflict', `${target} ${number} belongs to another resource, or is held by a search or reservation.`, {
      target,
      explanation: { rule: 'phone-number.taken', cure: 'Take it from the other resource first, or wait until it is free.' },
    }),
  notOwned: (number: string) =>
    new ApiError('NotFound', `Input phoneNumber ${number.slice(0, 64)} cannot be found.`, {
      target: 'phoneNumber',
      explanation: { rule: 'phone-number.not-owned', cure: 'Use a number that GET /phoneNumbers lists for this resource.' },
    }),
  beingChanged: (number: string, operationId: string) =>
    new ApiError('Conflict', `${number} is being changed by operation ${operationId}.`, {
      target: 'phoneNumber',
      explanation: { rule: 'phone-number.busy', cure: 'Wait until that operation has ended, or cancel it.' },
    }),
};
