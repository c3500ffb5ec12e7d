import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buy, numbersClient, search, TOLL_FREE } from '../../lib/phone-numbers.ts';
import { errorOf, jsonOf } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { whyOf } from '../../lib/why.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const VERSION = 'api-version=2025-06-01';

function call(method: string, path: string, body?: unknown) {
  return signedRequest(server.connectionString, { method, path: `${path}?${VERSION}`, ...(body === undefined ? {} : { body }) });
}

function begin(changes: object, country = 'US') {
  const { countryCode: _, ...wanted } = TOLL_FREE;
  return call('POST', `/availablePhoneNumbers/countries/${country}/:search`, { ...wanted, ...changes });
}

const CALLS = { calling: 'inbound', sms: 'none' };

describe('searches that no country offers', () => {
  it.each([
    ['R67: toll-free numbers for persons', { assignmentType: 'person' }, 'person'],
    ['R149: geographic numbers with text messages', { phoneNumberType: 'geographic' }, 'sms none'],
    ['R67: mobile numbers of the United States', { phoneNumberType: 'mobile' }, 'has no mobile numbers'],
    ['R70: numbers that can do nothing', { capabilities: { calling: 'none', sms: 'none' } }, 'Ask for calling'],
    ['R67: an area code that is none', { areaCode: '20a' }, 'areaCode'],
    ['R67: more numbers than a search may look for', { quantity: 101 }, 'phone-numbers.search-quantity'],
  ])('%s are refused with what there is', async (_what, changes, told) => {
    const answer = await begin(changes);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: 'BadRequest', message: expect.stringContaining(told) as unknown });
    expect((await whyOf(server, answer)).cure).toMatch(/\w{3,}/);
  });

  it('R67: the published client is told so too', async () => {
    const asked = search(numbersClient(server.connectionString), { ...TOLL_FREE, assignmentType: 'person' });
    await expect(asked).rejects.toMatchObject({ statusCode: 400 });
  });

  it.each([
    ['quantity', { quantity: 0 }],
    ['quantity', { quantity: 1.5 }],
    ['phoneNumberType', { phoneNumberType: 'fax' }],
    ['capabilities.sms', { capabilities: { calling: 'none', sms: 'both' } }],
    ['capabilities', { capabilities: undefined }],
  ])('R67: a wrong %s is named', async (target, changes) => {
    expect(errorOf(await begin(changes))).toMatchObject({ code: 'BadRequest', target });
  });

  it.each(['XX', 'CN', 'United%20States', '%2B1'])('R68: country %s has no numbers, and the answer says which have', async (country) => {
    const answer = await begin({}, country);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: 'InvalidInput', target: 'countryCode' });
    expect(errorOf(answer).message).toMatch(/there are of AT, AU, .*US\.$/);
  });

  it('R68: countries are found in any case of letters', async () => {
    expect((await begin({}, 'us')).status).toBe(202);
  });
});

describe('what cannot be purchased', () => {
  it('R69: a search that does not exist, or is another resource’s', async () => {
    const other = numbersClient((await newResource(server)).primaryConnectionString);
    const { searchId } = await search(other);
    for (const id of ['nothing', searchId]) {
      const answer = await call('POST', '/availablePhoneNumbers/:purchase', { searchId: id });
      expect(answer.status).toBe(404);
      expect(errorOf(answer)).toMatchObject({ code: 'NotFound', target: 'searchId' });
    }
    expect((await call('GET', `/availablePhoneNumbers/searchResults/${searchId}`)).status).toBe(404);
  });

  it('R69: numbers that may not be sold on, without an agreement', async () => {
    const client = numbersClient((await newResource(server)).primaryConnectionString);
    const found = await search(client, { ...TOLL_FREE, countryCode: 'FR', capabilities: { calling: 'outbound', sms: 'none' } });
    expect(found).toMatchObject({ isAgreementToNotResellRequired: true, cost: { amount: 8 } });
    for (const options of [{}, { agreeToNotResell: false }])
      await expect(client.beginPurchasePhoneNumbers(found.searchId, options)).rejects.toMatchObject({
        statusCode: 400,
        code: 'BadRequest',
        message: 'Do not resell agreement was not provided and it is required for this purchase.',
      });
    await (await client.beginPurchasePhoneNumbers(found.searchId, { agreeToNotResell: true })).pollUntilDone();
  });

  it('R69: twice: the second purchase of a search is the first', async () => {
    const client = numbersClient((await newResource(server)).primaryConnectionString);
    const [number] = await buy(client);
    const { searchId } = await search(client);
    const first = await client.beginPurchasePhoneNumbers(searchId);
    await first.pollUntilDone();
    await (await client.beginPurchasePhoneNumbers(searchId)).pollUntilDone();
    const owned = [];
    for await (const { phoneNumber } of client.listPurchasedPhoneNumbers()) owned.push(phoneNumber);
    expect(owned).toHaveLength(2);
    expect(owned).toContain(number);
  });
});

describe('out of stock', () => {
  it('R67: no free number fails the search; fewer than wanted are found, and said to be all', async () => {
    const client = numbersClient((await newResource(server)).primaryConnectionString);
    // The whole stock of Australian toll-free numbers is six.
    const wanted = { ...TOLL_FREE, countryCode: 'AU', capabilities: CALLS } as const;
    const found = await search(client, { ...wanted, quantity: 10 } as typeof TOLL_FREE);
    expect(found.phoneNumbers).toHaveLength(6);
    expect(found).toMatchObject({ errorCode: 1000, error: 'OutOfStock' });
    await (await client.beginPurchasePhoneNumbers(found.searchId)).pollUntilDone();
    await expect(search(client, wanted as typeof TOLL_FREE)).rejects.toThrow(/OutOfStock/);
    await expect(search(client, { ...TOLL_FREE, areaCode: '999' })).rejects.toThrow(/OutOfStock/);
  });

  it('R67: an operation that failed says why', async () => {
    const begun = await begin({ areaCode: '999' });
    const operation = jsonOf<{ status: string; error: { code: string; message: string } }>(
      await call('GET', `/phoneNumbers/operations/${String(begun.headers['operation-id'])}`),
    );
    expect(operation).toMatchObject({ status: 'failed', error: { code: 'OutOfStock' } });
    expect(operation.error.message).toMatch(/\w{3,}/);
  });
});

describe('numbers', () => {
  it.each(['GET', 'DELETE'])('R73: %s refuses what is no E.164 number, with the name of the field', async (method) => {
    for (const number of ['14255550123', '%2B1 425', 'invalid_phone_number', '%2B0123456789', '%2B12345678901234567', '911']) {
      const answer = await call(method, `/phoneNumbers/${encodeURI(number)}`);
      expect(answer.status, number).toBe(400);
      expect(errorOf(answer)).toMatchObject({ code: 'BadRequest', target: 'phoneNumber' });
    }
  });

  it.each(['GET', 'DELETE', 'PATCH'])('R71: %s does not find a number that another resource owns', async (method) => {
    const [number] = await buy(numbersClient((await newResource(server)).primaryConnectionString));
    const path = `/phoneNumbers/${encodeURIComponent(number!)}${method === 'PATCH' ? '/capabilities' : ''}`;
    const answer = await call(method, path, method === 'PATCH' ? { sms: 'none' } : undefined);
    expect(answer.status).toBe(404);
    expect(errorOf(answer)).toMatchObject({ code: 'NotFound', message: `Input phoneNumber ${number} cannot be found.` });
  });

  it('R70: capabilities that its offering has not are refused, and nothing changes', async () => {
    const client = numbersClient((await newResource(server)).primaryConnectionString);
    const [number] = await buy(client, { ...TOLL_FREE, phoneNumberType: 'geographic', capabilities: { calling: 'inbound', sms: 'none' } });
    await expect(client.beginUpdatePhoneNumberCapabilities(number!, { sms: 'outbound' })).rejects.toMatchObject({
      statusCode: 400,
      code: 'InvalidInput',
    });
    await expect(client.beginUpdatePhoneNumberCapabilities(number!, { calling: 'none' })).rejects.toMatchObject({ statusCode: 400 });
    expect((await client.getPurchasedPhoneNumber(number!)).capabilities).toEqual({ calling: 'inbound', sms: 'none' });
  });

  it('R69: operations of another resource are not seen, nor those that never were', async () => {
    const resource = await newResource(server);
    const { searchId } = await search(numbersClient(resource.primaryConnectionString));
    for (const id of [`search_${searchId}`, 'search_nothing', 'x'])
      for (const method of ['GET', 'DELETE']) expect((await call(method, `/phoneNumbers/operations/${id}`)).status).toBe(404);
  });
});

describe('the api-versions', () => {
  it.each(['2021-03-07', '2022-12-01', '2024-03-01-preview', '2025-04-01', '2025-06-01'])('%s is served', async (version) => {
    const path = `/availablePhoneNumbers/countries/US/:search?api-version=${version}`;
    const { countryCode: _, ...body } = TOLL_FREE;
    const answer = await signedRequest(server.connectionString, { method: 'POST', path, body });
    expect(answer.status).toBe(202);
    expect(answer.headers['location']).toBe(
      `/availablePhoneNumbers/searchResults/${String(answer.headers['search-id'])}?api-version=${version}`,
    );
    expect(answer.headers['operation-location']).toBe(
      `/phoneNumbers/operations/${String(answer.headers['operation-id'])}?api-version=${version}`,
    );
  });
});
