import { type Static, Type } from 'typebox';
import { absent, ApiVersionQuery } from '../common.ts';
import { operation } from '../operation.ts';
import { AssignmentType, Capabilities, Capability, Cost, CountryParams, numbers, NumberType } from './shapes.ts';

const PageQuery = {
  ...ApiVersionQuery,
  skip: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  /** 100 by default, 1,000 at most. */
  maxPageSize: Type.Optional(Type.Integer({ minimum: 1 })),
};
const Name = Type.String({ maxLength: 256 });
const nextLink = Type.Optional(Type.String());

export const listNumberCountries = operation({
  ...numbers,
  id: 'PhoneNumbers_ListAvailableCountries',
  method: 'GET',
  path: '/availablePhoneNumbers/countries',
  summary: 'Lists the countries that have phone numbers',
  query: Type.Object(PageQuery),
  responses: {
    200: Type.Object({ countries: Type.Array(Type.Object({ localizedName: Type.String(), countryCode: Type.String() })), nextLink }),
  },
});

const Division = Type.Object({ localizedName: Type.String(), abbreviatedName: Type.String() });

export const listNumberLocalities = operation({
  ...numbers,
  id: 'PhoneNumbers_ListAvailableLocalities',
  method: 'GET',
  path: '/availablePhoneNumbers/countries/{countryCode}/localities',
  summary: 'Lists the towns of a country that have phone numbers',
  params: CountryParams,
  query: Type.Object({ ...PageQuery, administrativeDivision: Type.Optional(Name), phoneNumberType: Type.Optional(NumberType) }),
  responses: {
    200: Type.Object({
      phoneNumberLocalities: Type.Array(Type.Object({ localizedName: Type.String(), administrativeDivision: Type.Optional(Division) })),
      nextLink,
    }),
  },
});

export const listAreaCodes = operation({
  ...numbers,
  id: 'PhoneNumbers_ListAreaCodes',
  method: 'GET',
  path: '/availablePhoneNumbers/countries/{countryCode}/areaCodes',
  summary: 'Lists the area codes of a country',
  params: CountryParams,
  query: Type.Object({
    ...PageQuery,
    /** Must be given. */
    phoneNumberType: Type.Optional(NumberType),
    assignmentType: Type.Optional(AssignmentType),
    locality: Type.Optional(Name),
    administrativeDivision: Type.Optional(Name),
  }),
  responses: { 200: Type.Object({ areaCodes: Type.Array(Type.Object({ areaCode: Type.String() })), nextLink }) },
});

export const listOfferings = operation({
  ...numbers,
  id: 'PhoneNumbers_ListOfferings',
  method: 'GET',
  path: '/availablePhoneNumbers/countries/{countryCode}/offerings',
  summary: 'Lists what kinds of phone numbers a country has, what they can do, and for how much',
  params: CountryParams,
  query: Type.Object({ ...PageQuery, phoneNumberType: Type.Optional(NumberType), assignmentType: Type.Optional(AssignmentType) }),
  responses: {
    200: Type.Object({
      phoneNumberOfferings: Type.Array(
        Type.Object({ phoneNumberType: NumberType, assignmentType: AssignmentType, availableCapabilities: Capabilities, cost: Cost }),
      ),
      nextLink,
    }),
  },
});

export const AvailablePhoneNumber = Type.Object({
  /** The number without its plus sign. */
  id: Type.String(),
  countryCode: Type.String(),
  phoneNumber: Type.String(),
  capabilities: Capabilities,
  phoneNumberType: NumberType,
  assignmentType: AssignmentType,
  cost: Cost,
  /** `available`, `reserved`, `expired`, `error` or `purchased`. */
  status: Type.String(),
  isAgreementToNotResellRequired: Type.Boolean(),
  error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
});
export type AvailablePhoneNumber = Static<typeof AvailablePhoneNumber>;

export const browseNumbers = operation({
  ...numbers,
  id: 'PhoneNumbers_BrowseAvailableNumbers',
  method: 'POST',
  path: '/availablePhoneNumbers/countries/{countryCode}/:browse',
  summary: 'Shows some phone numbers that could be reserved; holds none',
  params: CountryParams,
  query: Type.Object(ApiVersionQuery),
  body: Type.Object({
    phoneNumberType: NumberType,
    /** The least that they can do. */
    capabilities: absent(Type.Object({ calling: absent(Capability), sms: absent(Capability) })),
    assignmentType: absent(AssignmentType),
    /** How the numbers begin, country code first, with or without its plus sign. */
    phoneNumberPrefixes: absent(Type.Array(Type.String({ maxLength: 16 }), { maxItems: 20 })),
  }),
  responses: { 200: Type.Object({ phoneNumbers: Type.Array(AvailablePhoneNumber) }) },
});
