import { type Static, Type } from 'typebox';
import { absent, ApiVersionQuery } from '../common.ts';
import { operation } from '../operation.ts';
import { Accepted, AssignmentType, Capabilities, Capability, Cost, NumberParams, numbers, NumberType, VersionQuery } from './shapes.ts';

export const PurchasedPhoneNumber = Type.Object({
  /** The number without its plus sign. */
  id: Type.String(),
  phoneNumber: Type.String(),
  countryCode: Type.String(),
  phoneNumberType: NumberType,
  capabilities: Capabilities,
  assignmentType: AssignmentType,
  purchaseDate: Type.String(),
  cost: Cost,
});
export type PurchasedPhoneNumber = Static<typeof PurchasedPhoneNumber>;

export const listPhoneNumbers = operation({
  ...numbers,
  id: 'PhoneNumbers_ListPhoneNumbers',
  method: 'GET',
  path: '/phoneNumbers',
  summary: 'Lists the phone numbers of the resource',
  query: Type.Object({
    ...ApiVersionQuery,
    skip: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    /** 100 by default, 1,000 at most. */
    top: Type.Optional(Type.Integer({ minimum: 1 })),
    /** The number after which the page begins, in links to further pages. */
    after: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  responses: { 200: Type.Object({ phoneNumbers: Type.Array(PurchasedPhoneNumber), nextLink: Type.Optional(Type.String()) }) },
});

export const getPhoneNumber = operation({
  ...numbers,
  id: 'PhoneNumbers_GetByNumber',
  method: 'GET',
  path: '/phoneNumbers/{phoneNumber}',
  summary: 'Gets a phone number of the resource',
  params: NumberParams,
  query: VersionQuery,
  responses: { 200: PurchasedPhoneNumber },
});

export const updatePhoneNumberCapabilities = operation({
  ...numbers,
  id: 'PhoneNumbers_UpdateCapabilities',
  method: 'PATCH',
  path: '/phoneNumbers/{phoneNumber}/capabilities',
  summary: 'Begins to change what a phone number can do',
  params: NumberParams,
  query: VersionQuery,
  body: Type.Object({ calling: absent(Capability), sms: absent(Capability) }),
  bodyOptional: true,
  responses: { 202: Type.Object({ capabilitiesUpdateId: Type.String() }) },
});

export const releasePhoneNumber = operation({
  ...numbers,
  id: 'PhoneNumbers_ReleasePhoneNumber',
  method: 'DELETE',
  path: '/phoneNumbers/{phoneNumber}',
  summary: 'Begins to give a phone number back',
  params: NumberParams,
  query: VersionQuery,
  responses: { 202: Accepted },
});
