import { type Static, Type } from 'typebox';
import { operation } from '../operation.ts';
import { AssignmentType, Capabilities, Cost } from '../phone-numbers/shapes.ts';
import { admin } from './admin.ts';
import { oneOf, PageQuery, ResourceField, ResourceQuery } from './chat/fields.ts';

/** A field that is spelt wrong would be left out in silence: unknown ones are refused. */
const strict = { additionalProperties: false } as const;

const AnyNumberType = oneOf('geographic', 'tollFree', 'mobile', 'shortCode');

/** @example { phoneNumber: '+14255550123', carrier: 'acme', capabilities: { calling: 'none', sms: 'inbound+outbound' } } */
export const givenNumber = {
  /** In the E.164 form, or a short code of five or six digits; without one, a free fictitious number is picked. */
  phoneNumber: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  /** That of the number; `US` for a short code, and where a number is picked. */
  countryCode: Type.Optional(Type.String({ minLength: 2, maxLength: 2 })),
  /** What the number is known as, else `geographic`; `tollFree` where one is picked. */
  phoneNumberType: Type.Optional(AnyNumberType),
  /** Of a number that is picked. */
  areaCode: Type.Optional(Type.String({ minLength: 1, maxLength: 6 })),
  /** `application` by default. */
  assignmentType: Type.Optional(AssignmentType),
  /** The most that its type has in its country by default, and everything where that is not known. */
  capabilities: Type.Optional(Capabilities),
  /** Name of the carrier that carries it; the default carrier otherwise. */
  carrier: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  /** What is shown as its cost, in US dollars. */
  monthlyCost: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000 })),
};
const GivenNumber = Type.Object(givenNumber, strict);
export type GivenNumber = Static<typeof GivenNumber>;

const AdminPhoneNumber = Type.Object({
  phoneNumber: Type.String(),
  resource: Type.String(),
  countryCode: Type.String(),
  phoneNumberType: AnyNumberType,
  assignmentType: AssignmentType,
  capabilities: Capabilities,
  carrier: Type.Optional(Type.String()),
  cost: Cost,
  purchaseDate: Type.String(),
});
export type AdminPhoneNumber = Static<typeof AdminPhoneNumber>;

export const loadPhoneNumbers = operation({
  ...admin,
  id: 'Admin_LoadPhoneNumbers',
  method: 'POST',
  path: '/admin/phone-numbers',
  summary: 'Gives phone numbers and short codes to a resource, all or nothing: really owned ones with the carrier that carries them',
  body: Type.Object({ ...ResourceField, phoneNumbers: Type.Array(GivenNumber, { minItems: 1, maxItems: 1_000 }) }, strict),
  responses: { 201: Type.Object({ value: Type.Array(AdminPhoneNumber) }) },
});

export const listAdminPhoneNumbers = operation({
  ...admin,
  id: 'Admin_ListPhoneNumbers',
  method: 'GET',
  path: '/admin/phone-numbers',
  summary: 'Lists the phone numbers and short codes of a resource, with their carriers',
  query: Type.Object(PageQuery),
  responses: { 200: Type.Object({ value: Type.Array(AdminPhoneNumber), nextLink: Type.Optional(Type.String()) }) },
});

export const removePhoneNumber = operation({
  ...admin,
  id: 'Admin_RemovePhoneNumber',
  method: 'DELETE',
  path: '/admin/phone-numbers/{phoneNumber}',
  summary: 'Takes a phone number or short code from a resource, at once',
  params: Type.Object({ phoneNumber: Type.String({ minLength: 1, maxLength: 64 }) }),
  query: Type.Object(ResourceQuery),
  responses: { 204: null },
});
