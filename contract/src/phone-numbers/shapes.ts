import { type Static, Type } from 'typebox';
import { ApiVersionQuery } from '../common.ts';

function oneOf<const T extends string>(...values: readonly T[]) {
  return Type.Unsafe<T>({ type: 'string', enum: values });
}

/** What phone numbers have in common: signed with the access key, of any published version. */
export const numbers = { auth: 'accessKey', apiVersion: true } as const;

export const NumberType = oneOf('geographic', 'tollFree', 'mobile');
export type NumberType = Static<typeof NumberType>;

export const AssignmentType = oneOf('person', 'application');
export type AssignmentType = Static<typeof AssignmentType>;

export const Capability = oneOf('none', 'inbound', 'outbound', 'inbound+outbound');
export type Capability = Static<typeof Capability>;

export const Capabilities = Type.Object({ calling: Capability, sms: Capability });
export type Capabilities = Static<typeof Capabilities>;

export const Cost = Type.Object({ amount: Type.Number(), currencyCode: Type.String(), billingFrequency: Type.String() });

/** In the E.164 form, `+14255550123`; what is badly formed is refused with the name of the field. */
export const NumberParams = Type.Object({ phoneNumber: Type.String({ minLength: 1, maxLength: 64 }) });
export const CountryParams = Type.Object({ countryCode: Type.String({ minLength: 1, maxLength: 16 }) });
export const VersionQuery = Type.Object(ApiVersionQuery);

/** A 202: the headers say where to look for what becomes of it. */
export const Accepted = null;
