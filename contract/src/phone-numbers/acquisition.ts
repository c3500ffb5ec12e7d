import { type Static, Type } from 'typebox';
import { absent } from '../common.ts';
import { operation } from '../operation.ts';
import { Accepted, AssignmentType, Capabilities, Cost, CountryParams, numbers, NumberType, VersionQuery } from './shapes.ts';

export const searchPhoneNumbers = operation({
  ...numbers,
  id: 'PhoneNumbers_SearchAvailablePhoneNumbers',
  method: 'POST',
  path: '/availablePhoneNumbers/countries/{countryCode}/:search',
  summary: 'Begins to search for phone numbers and holds what it finds for 16 minutes',
  params: CountryParams,
  query: VersionQuery,
  body: Type.Object({
    phoneNumberType: NumberType,
    assignmentType: AssignmentType,
    capabilities: Capabilities,
    areaCode: absent(Type.String({ maxLength: 16 })),
    /** 1 by default. */
    quantity: absent(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  }),
  responses: { 202: Accepted },
});

const SearchResult = Type.Object({
  searchId: Type.String(),
  /** Fewer than asked for where there are no more. */
  phoneNumbers: Type.Array(Type.String()),
  phoneNumberType: NumberType,
  assignmentType: AssignmentType,
  capabilities: Capabilities,
  cost: Cost,
  searchExpiresBy: Type.String(),
  isAgreementToNotResellRequired: Type.Boolean(),
  errorCode: Type.Optional(Type.Integer()),
  error: Type.String(),
});
export type SearchResult = Static<typeof SearchResult>;

export const getSearchResult = operation({
  ...numbers,
  id: 'PhoneNumbers_GetSearchResult',
  method: 'GET',
  path: '/availablePhoneNumbers/searchResults/{searchId}',
  summary: 'Gets what a search has found',
  params: Type.Object({ searchId: Type.String({ minLength: 1, maxLength: 64 }) }),
  query: VersionQuery,
  responses: { 200: SearchResult },
});

export const purchasePhoneNumbers = operation({
  ...numbers,
  id: 'PhoneNumbers_PurchasePhoneNumbers',
  method: 'POST',
  path: '/availablePhoneNumbers/:purchase',
  summary: 'Begins to purchase what a search holds',
  query: VersionQuery,
  body: Type.Object({
    searchId: Type.String({ minLength: 1, maxLength: 64 }),
    /** False by default; some countries ask for it. */
    agreeToNotResell: absent(Type.Boolean()),
  }),
  responses: { 202: Accepted },
});
