import { Type } from 'typebox';
import { operation } from '../operation.ts';
import { Address, sms, SmsQuery } from './shapes.ts';

const optOuts = {
  ...sms,
  method: 'POST',
  query: SmsQuery,
  body: Type.Object({
    from: Type.String({ minLength: 1, maxLength: 64 }),
    recipients: Type.Array(Type.Object({ to: Address }), { minItems: 1, maxItems: 100 }),
  }),
} as const;

const result = { to: Type.String(), httpStatusCode: Type.Integer(), errorMessage: Type.Optional(Type.String()) };
const Results = Type.Object({ value: Type.Array(Type.Object(result)) });

export const addOptOuts = operation({
  ...optOuts,
  id: 'OptOuts_Add',
  path: '/sms/optouts:add',
  summary: 'Lets phones get no more text messages from a sender',
  responses: { 200: Results },
});

export const removeOptOuts = operation({
  ...optOuts,
  id: 'OptOuts_Remove',
  path: '/sms/optouts:remove',
  summary: 'Lets phones get text messages from a sender again',
  responses: { 200: Results },
});

export const checkOptOuts = operation({
  ...optOuts,
  id: 'OptOuts_Check',
  path: '/sms/optouts:check',
  summary: 'Tells which phones get no text messages from a sender',
  responses: { 200: Type.Object({ value: Type.Array(Type.Object({ ...result, isOptedOut: Type.Optional(Type.Boolean()) })) }) },
});
