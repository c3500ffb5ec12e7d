import {
  deleteReservation,
  getReservation,
  listReservations,
  patchReservation,
  purchaseReservation,
  type Reservation as WireReservation,
} from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { ReservationPurchases } from '../reservations/reservation-purchases.ts';
import type { Reservations } from '../reservations/reservations.ts';
import { pageLink, pageSize } from './pages.ts';
import { versioned, wireAvailable } from './wire.ts';

export interface ReservationRoutes {
  readonly reservations: Reservations;
  readonly purchases: ReservationPurchases;
}

const PATH = '/availablePhoneNumbers/reservations';

export function registerReservationRoutes(http: HttpServer, { reservations, purchases }: ReservationRoutes): void {
  http.route(listReservations, async ({ query, caller, apiVersion }) => {
    const limit = pageSize(query.maxPageSize);
    // One more, so that an empty last page is never announced.
    const found = await reservations.page(caller.resource.id, { after: query.after ?? '', limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const body = { reservations: shown.map(wireSummary) };
    if (found.length <= limit || last === undefined) return reply(200, body);
    return reply(200, { ...body, nextLink: pageLink(PATH, apiVersion, { maxPageSize: limit, after: last.id }) });
  });

  http.route(getReservation, async ({ params, caller }) =>
    reply(200, wireReservation(await reservations.get(caller.resource.id, params.reservationId))),
  );

  http.route(patchReservation, async ({ params, body, caller, apiVersion }) => {
    const { reservation, isNew } = await reservations.patch(caller.resource, params.reservationId, body.phoneNumbers ?? {});
    const wire = wireReservation(reservation);
    if (reservation.failures.length > 0) return reply(207, wire);
    return isNew ? reply(201, wire, { location: versioned(`${PATH}/${reservation.id}`, apiVersion) }) : reply(200, wire);
  });

  http.route(deleteReservation, async ({ params, caller }) => {
    await reservations.delete(caller.resource.id, params.reservationId);
    return reply(204);
  });

  http.route(purchaseReservation, async ({ params, body, caller, apiVersion }) => {
    const wish = { id: params.reservationId, agreeToNotResell: body.agreeToNotResell === true };
    const { id } = await purchases.begin(caller.resource, wish);
    return reply(202, undefined, {
      'operation-location': versioned(`/phoneNumbers/operations/${id}`, apiVersion),
      'operation-id': id,
      'reservation-purchase-id': id.slice(id.indexOf('_') + 1),
    });
  });
}

/** What a number is, by what its reservation is. */
const NUMBER_STATUS = { active: 'reserved', submitted: 'reserved', completed: 'purchased', expired: 'expired' } as const;

function wireSummary({ id, expiresAtMs, status }: Reservation): Omit<WireReservation, 'phoneNumbers'> {
  return { id, expiresAt: new Date(expiresAtMs).toISOString(), status };
}

function wireReservation(reservation: Reservation): WireReservation {
  const { status, numbers, failures } = reservation;
  const shown = numbers.map((number) => wireAvailable(number, NUMBER_STATUS[status]));
  const failed = failures.map(({ number, code, message }) => ({ ...wireAvailable(number, 'error'), error: { code, message } }));
  return { ...wireSummary(reservation), phoneNumbers: Object.fromEntries([...shown, ...failed].map((number) => [number.id, number])) };
}
