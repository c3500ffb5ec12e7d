import { type Static, Type } from 'typebox';
import { absent } from '../common.ts';
import { operation } from '../operation.ts';
import { numbers, VersionQuery } from './shapes.ts';

const text = Type.Optional(Type.String());

const OperatorInformation = Type.Object({
  phoneNumber: Type.String(),
  nationalFormat: text,
  internationalFormat: text,
  isoCountryCode: text,
  /** `geographic`, `mobile`, `other` or `unknown`. */
  numberType: text,
  operatorDetails: Type.Optional(Type.Object({ name: text, mobileNetworkCode: text, mobileCountryCode: text })),
});
export type OperatorInformation = Static<typeof OperatorInformation>;

export const searchOperatorInformation = operation({
  ...numbers,
  id: 'PhoneNumbers_OperatorInformationSearch',
  method: 'POST',
  path: '/operatorInformation/:search',
  summary: 'Tells how a phone number is written, of which kind it is, and who operates it',
  query: VersionQuery,
  body: Type.Object({
    /** Exactly one. */
    phoneNumbers: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 }),
    options: absent(Type.Object({ includeAdditionalOperatorDetails: absent(Type.Boolean()) })),
  }),
  responses: { 200: Type.Object({ values: Type.Array(OperatorInformation) }) },
});
