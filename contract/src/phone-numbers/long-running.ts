import { type Static, Type } from 'typebox';
import { nullable } from '../common.ts';
import { operation } from '../operation.ts';
import { numbers, VersionQuery } from './shapes.ts';

const LongRunningOperation = Type.Object({
  id: Type.String(),
  /** `search`, `purchase`, `reservationPurchase`, `releasePhoneNumber` or `updatePhoneNumberCapabilities`. */
  operationType: Type.String(),
  /** `notStarted`, `running`, `succeeded` or `failed`. */
  status: Type.String(),
  /** What it made or changed; null where there is nothing to look at. */
  resourceLocation: nullable(Type.String()),
  createdDateTime: Type.String(),
  lastActionDateTime: Type.String(),
  error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
});
export type LongRunningOperation = Static<typeof LongRunningOperation>;

const operationPath = {
  path: '/phoneNumbers/operations/{phoneNumberOperationId}',
  params: Type.Object({ phoneNumberOperationId: Type.String({ minLength: 1, maxLength: 128 }) }),
  query: VersionQuery,
} as const;

export const getPhoneNumberOperation = operation({
  ...numbers,
  ...operationPath,
  id: 'PhoneNumbers_GetOperation',
  method: 'GET',
  summary: 'Tells what has become of a long-running operation',
  responses: { 200: LongRunningOperation },
});

export const cancelPhoneNumberOperation = operation({
  ...numbers,
  ...operationPath,
  id: 'PhoneNumbers_CancelOperation',
  method: 'DELETE',
  summary: 'Cancels an operation that has not ended; what a search holds is given back',
  responses: { 204: null },
});
