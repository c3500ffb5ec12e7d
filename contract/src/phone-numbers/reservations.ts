import { type Static, Type } from 'typebox';
import { absent, ApiVersionQuery } from '../common.ts';
import { operation } from '../operation.ts';
import { AvailablePhoneNumber } from './catalogue.ts';
import { Accepted, AssignmentType, Capabilities, numbers, NumberType, VersionQuery } from './shapes.ts';

/** A map by id: the number without its plus sign. */
function byNumber<T extends Type.TSchema>(schema: T) {
  return Type.Unsafe<Record<string, Static<T>>>({ type: 'object', additionalProperties: schema });
}

const reservation = {
  id: Type.String(),
  expiresAt: Type.String(),
  /** `active`, `submitted`, `completed` or `expired`. */
  status: Type.String(),
};
const Reservation = Type.Object({ ...reservation, phoneNumbers: byNumber(AvailablePhoneNumber) });
export type Reservation = Static<typeof Reservation>;

/** A number to be reserved. What it says beyond its id must be true; cost, status and error are not read. */
const WantedNumber = Type.Object({
  id: absent(Type.String({ maxLength: 64 })),
  phoneNumber: absent(Type.String({ maxLength: 64 })),
  countryCode: absent(Type.String({ maxLength: 16 })),
  phoneNumberType: absent(NumberType),
  assignmentType: absent(AssignmentType),
  capabilities: absent(Capabilities),
});
export type WantedNumber = Static<typeof WantedNumber>;

const path = '/availablePhoneNumbers/reservations/{reservationId}';
const one = {
  ...numbers,
  path,
  params: Type.Object({ reservationId: Type.String({ minLength: 1, maxLength: 64 }) }),
  query: VersionQuery,
} as const;

export const listReservations = operation({
  ...numbers,
  id: 'PhoneNumbers_ListReservations',
  method: 'GET',
  path: '/availablePhoneNumbers/reservations',
  summary: 'Lists the reservations of the resource, without their phone numbers',
  query: Type.Object({
    ...ApiVersionQuery,
    /** 100 by default, 1,000 at most. */
    maxPageSize: Type.Optional(Type.Integer({ minimum: 1 })),
    /** The reservation after which the page begins, in links to further pages. */
    after: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  responses: { 200: Type.Object({ reservations: Type.Array(Type.Object(reservation)), nextLink: Type.Optional(Type.String()) }) },
});

export const getReservation = operation({
  ...one,
  id: 'PhoneNumbers_GetReservation',
  method: 'GET',
  summary: 'Gets a reservation with its phone numbers',
  responses: { 200: Reservation },
});

export const patchReservation = operation({
  ...one,
  id: 'PhoneNumbers_CreateOrUpdateReservation',
  method: 'PATCH',
  summary: 'Reserves phone numbers, and gives back those that are null; 207 when some could not be reserved',
  body: Type.Object({
    phoneNumbers: absent(
      Type.Unsafe<Record<string, WantedNumber | null>>({
        type: 'object',
        additionalProperties: { anyOf: [WantedNumber, { type: 'null' }] },
      }),
    ),
  }),
  responses: { 200: Reservation, 201: Reservation, 207: Reservation },
});

export const deleteReservation = operation({
  ...one,
  id: 'PhoneNumbers_DeleteReservation',
  method: 'DELETE',
  summary: 'Deletes a reservation and gives its phone numbers back',
  responses: { 204: null },
});

export const purchaseReservation = operation({
  ...one,
  id: 'PhoneNumbers_PurchaseReservation',
  method: 'POST',
  path: `${path}/:purchase`,
  summary: 'Begins to purchase what a reservation holds',
  body: Type.Object({ agreeToNotResell: absent(Type.Boolean()) }),
  bodyOptional: true,
  responses: { 202: Accepted },
});
