import { randomUUID } from 'node:crypto';
import type { AvailablePhoneNumber, PhoneNumbersClient } from '@azure/communication-phone-numbers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buy, listOf, numbersClient } from '../../lib/phone-numbers.ts';
import { errorOf } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ args: ['--clock', 'virtual'] });
});
afterAll(() => server.stop());

async function freshClient() {
  return numbersClient((await newResource(server)).primaryConnectionString);
}

async function browse(client: PhoneNumbersClient, countryCode = 'US'): Promise<AvailablePhoneNumber[]> {
  return (await client.browseAvailablePhoneNumbers({ countryCode, phoneNumberType: 'tollFree' }, { assignmentType: 'application' }))
    .phoneNumbers;
}

function advance(by: string) {
  return server.admin('POST', '/admin/clock:advance', { by });
}

function reserve(client: PhoneNumbersClient, add: AvailablePhoneNumber[], reservationId: string = randomUUID()) {
  return client.createOrUpdateReservation({ reservationId }, { add });
}

describe('reservations', () => {
  it('R69: numbers are added and removed one by one, and purchased together', async () => {
    const client = await freshClient();
    const [first, second] = (await browse(client)) as [AvailablePhoneNumber, AvailablePhoneNumber];
    const reservationId = randomUUID();
    const made = await reserve(client, [first], reservationId);
    expect(made).toMatchObject({
      id: reservationId,
      status: 'active',
      phoneNumbers: { [first.id!]: { status: 'reserved', cost: { amount: 2 } } },
    });
    const both = await reserve(client, [second], reservationId);
    expect(Object.keys(both.phoneNumbers ?? {}).sort()).toEqual([first.id, second.id].sort());
    const one = await client.createOrUpdateReservation({ reservationId }, { add: [second], remove: [first.id!] });
    expect(Object.keys(one.phoneNumbers ?? {})).toEqual([second.id]);
    expect(await client.getReservation(reservationId)).toEqual(one);
    // What was removed can be had again, what is reserved cannot.
    expect((await browse(client)).map(({ id }) => id)).toContain(first.id);
    expect((await browse(client)).map(({ id }) => id)).not.toContain(second.id);

    await (await client.beginReservationPurchase(reservationId)).pollUntilDone();
    expect((await listOf(client.listPurchasedPhoneNumbers())).map(({ phoneNumber }) => phoneNumber)).toEqual([second.phoneNumber]);
    expect(await client.getReservation(reservationId)).toMatchObject({
      status: 'completed',
      phoneNumbers: { [second.id!]: { status: 'purchased' } },
    });
  });

  it('may hold numbers of several countries', async () => {
    const client = await freshClient();
    const [american] = await browse(client);
    const [german] = await browse(client, 'DE');
    const { id, phoneNumbers } = await reserve(client, [american!, german!]);
    expect(Object.values(phoneNumbers ?? {}).map((number) => number?.countryCode)).toEqual(expect.arrayContaining(['US', 'DE']));
    await (await client.beginReservationPurchase(id!)).pollUntilDone();
    expect(await listOf(client.listPurchasedPhoneNumbers())).toHaveLength(2);
  });

  it('R69: a number that somebody has is an error of its own, and the rest is reserved', async () => {
    const client = await freshClient();
    const rival = await freshClient();
    const [taken, free] = (await browse(client)) as [AvailablePhoneNumber, AvailablePhoneNumber];
    await reserve(rival, [taken]);
    const { id, phoneNumbers } = await reserve(client, [taken, free, { ...free, id: '19995550100', phoneNumber: '+19995550100' }]);
    expect(phoneNumbers).toMatchObject({
      [taken.id!]: { status: 'error', error: { code: 'PhoneNumberNotAvailable' } },
      [free.id!]: { status: 'reserved' },
      '19995550100': { status: 'error', error: { code: 'NotFound' } },
    });
    expect(Object.keys((await client.getReservation(id!)).phoneNumbers ?? {})).toEqual([free.id]);
    const raw = await signedRequest(server.connectionString, {
      method: 'PATCH',
      path: `/availablePhoneNumbers/reservations/${randomUUID()}?api-version=2025-06-01`,
      body: { phoneNumbers: { [taken.id!]: {} } },
    });
    expect(raw.status).toBe(207);
  });

  it('R69: lasts for 15 minutes after its last change, and for 2 hours at most', async () => {
    const client = await freshClient();
    const [number] = await browse(client);
    const { id } = await reserve(client, [number!]);
    for (let i = 0; i < 8; i++) {
      await advance('PT14M');
      await reserve(client, [number!], id);
    }
    // 112 minutes are over: the end is the one of the two hours now.
    await advance('PT7M59S');
    expect((await client.getReservation(id!)).status).toBe('active');
    await advance('PT1S');
    expect(await client.getReservation(id!)).toMatchObject({ status: 'expired', phoneNumbers: { [number!.id!]: { status: 'expired' } } });
    expect((await browse(client)).map((one) => one.id)).toContain(number!.id);
    await expect(reserve(client, [number!], id)).rejects.toMatchObject({ statusCode: 409, code: 'Conflict' });
    await expect(client.beginReservationPurchase(id!)).rejects.toMatchObject({ statusCode: 409, code: 'Conflict' });
  });

  it('R69: numbers of some countries are bought only by who agrees not to sell them on', async () => {
    const client = await freshClient();
    const [french] = await browse(client, 'FR');
    expect(french).toMatchObject({ isAgreementToNotResellRequired: true, cost: { amount: 8 } });
    const { id } = await reserve(client, [french!]);
    await expect(client.beginReservationPurchase(id!, { agreeToNotResell: false })).rejects.toMatchObject({
      statusCode: 400,
      message: 'Consent not provided to not resell the phone numbers',
    });
    await (await client.beginReservationPurchase(id!, { agreeToNotResell: true })).pollUntilDone();
    expect(await listOf(client.listPurchasedPhoneNumbers())).toHaveLength(1);
  });

  it('gives its numbers back when it is deleted', async () => {
    const client = await freshClient();
    const [number] = await browse(client);
    const { id } = await reserve(client, [number!]);
    await client.deleteReservation(id!);
    expect((await browse(client)).map((one) => one.id)).toContain(number!.id);
    await expect(client.getReservation(id!)).rejects.toMatchObject({ statusCode: 404, code: 'NotFound' });
    await expect(client.deleteReservation(id!)).rejects.toMatchObject({ statusCode: 404, code: 'NotFound' });
  });

  it('is listed without its numbers, page by page', async () => {
    const resource = await newResource(server);
    const client = numbersClient(resource.primaryConnectionString);
    const ids = [];
    for (let i = 0; i < 5; i++) ids.push((await reserve(client, [])).id);
    const pages = [];
    for await (const page of client.listReservations().byPage()) pages.push(page);
    expect(pages.flat().map(({ id }) => id)).toEqual(ids.sort());
    expect(pages.flat()[0]?.phoneNumbers).toBeUndefined();
    const first = await signedRequest(resource.primaryConnectionString, {
      method: 'GET',
      path: '/availablePhoneNumbers/reservations?maxPageSize=3&api-version=2025-06-01',
    });
    const { nextLink } = JSON.parse(first.text) as { nextLink: string };
    const second = await signedRequest(resource.primaryConnectionString, { method: 'GET', path: nextLink });
    expect(JSON.parse(second.text)).toMatchObject({ reservations: [{ id: ids[3] }, { id: ids[4] }] });
  });

  it('is nobody else’s: another resource neither sees nor changes it', async () => {
    const client = await freshClient();
    const rival = await freshClient();
    const [number] = await browse(client);
    const { id } = await reserve(client, [number!]);
    await expect(rival.getReservation(id!)).rejects.toMatchObject({ statusCode: 404 });
    await expect(rival.deleteReservation(id!)).rejects.toMatchObject({ statusCode: 404 });
    await expect(rival.beginReservationPurchase(id!)).rejects.toMatchObject({ statusCode: 404 });
    // The same id makes a reservation of the other’s own.
    const own = await rival.createOrUpdateReservation({ reservationId: id! }, { remove: [number!.id!] });
    expect(own.phoneNumbers).toEqual({});
    expect(Object.keys((await client.getReservation(id!)).phoneNumbers ?? {})).toEqual([number!.id]);
  });

  it('refuses an id that is no UUID, and capabilities that a number cannot have', async () => {
    const client = await freshClient();
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const path = '/availablePhoneNumbers/reservations/mine?api-version=2025-06-01';
      const answer = await signedRequest(server.connectionString, { method, path, ...(method === 'PATCH' ? { body: {} } : {}) });
      expect(answer.status).toBe(400);
      expect(errorOf(answer).target).toBe('reservationId');
    }
    const [german] = await browse(client, 'DE');
    const asked = reserve(client, [{ ...german!, capabilities: { calling: 'inbound', sms: 'outbound' } }]);
    await expect(asked).rejects.toMatchObject({ statusCode: 400, code: 'BadRequest' });
    await expect(client.beginReservationPurchase((await reserve(client, [])).id!)).rejects.toMatchObject({ statusCode: 409 });
  });

  it('is not deleted by a number of it being bought elsewhere', async () => {
    const client = await freshClient();
    const [number] = await buy(client);
    const [other] = await browse(client);
    const { phoneNumbers } = await reserve(client, [{ ...other!, id: number!.slice(1), phoneNumber: number! }]);
    expect(phoneNumbers).toMatchObject({ [number!.slice(1)]: { status: 'error' } });
    expect(await listOf(client.listPurchasedPhoneNumbers())).toHaveLength(1);
  });
});
