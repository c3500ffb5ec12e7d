import type { PhoneNumbersClient, PhoneNumberSearchResult } from '@azure/communication-phone-numbers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buy, listOf, numbersClient, search, TOLL_FREE } from '../../lib/phone-numbers.ts';
import { errorOf, jsonOf, type RawAnswer } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { STORES, type TestStore } from '../../lib/stores.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

interface Operation {
  readonly status: string;
  readonly operationType: string;
  readonly resourceLocation: string | null;
  readonly error?: { readonly code: string };
}

const VERSION = 'api-version=2025-06-01';
const { countryCode: _, ...WANTED } = TOLL_FREE;

/** Signed requests to the resource `local`. */
function callerOf(server: TestServer) {
  return (method: string, path: string, body?: unknown): Promise<RawAnswer> =>
    signedRequest(server.connectionString, { method, path: `${path}?${VERSION}`, ...(body === undefined ? {} : { body }) });
}

function advance(server: TestServer, by: string) {
  return server.admin('POST', '/admin/clock:advance', { by });
}

async function operationOf(server: TestServer, begun: RawAnswer): Promise<Operation> {
  return jsonOf(await callerOf(server)('GET', `/phoneNumbers/operations/${String(begun.headers['operation-id'])}`));
}

async function ownedBy(server: TestServer): Promise<string[]> {
  return (await listOf(numbersClient(server.connectionString).listPurchasedPhoneNumbers())).map(({ phoneNumber }) => phoneNumber);
}

describe.each(STORES)('phone numbers on $name', ({ open }) => {
  let store: TestStore;
  let server: TestServer;
  let client: PhoneNumbersClient;
  beforeAll(async () => {
    store = await open();
    server = await store.start({ args: ['--clock', 'virtual'] });
    client = numbersClient(server.connectionString);
  });
  afterEach(() => server.admin('POST', '/admin/reset'));
  afterAll(async () => {
    await server.stop();
    await store[Symbol.asyncDispose]();
  });

  it('R69: what a search has found is held for 16 minutes, then it is free again and its purchase fails', async () => {
    const found = await search(client);
    await advance(server, 'PT15M59S');
    expect((await search(client)).phoneNumbers).not.toEqual(found.phoneNumbers);
    await advance(server, 'PT1S');
    expect((await search(client)).phoneNumbers).toEqual(found.phoneNumbers);
    await expect(client.beginPurchasePhoneNumbers(found.searchId)).rejects.toThrow(/ReservationExpired/);
    expect(await ownedBy(server)).toEqual([]);
  });

  it('R69: a search that is cancelled gives its numbers back', async () => {
    const found = await search(client);
    const call = callerOf(server);
    expect((await call('DELETE', `/phoneNumbers/operations/search_${found.searchId}`)).status).toBe(204);
    expect((await search(client)).phoneNumbers).toEqual(found.phoneNumbers);
    const begun = await call('POST', '/availablePhoneNumbers/:purchase', { searchId: found.searchId });
    expect(await operationOf(server, begun)).toMatchObject({ status: 'failed', error: { code: 'ReservationExpired' } });
    // The numbers are another search’s now, and stay its.
    expect((await call('DELETE', `/phoneNumbers/operations/search_${found.searchId}`)).status).toBe(204);
    expect((await search(client)).phoneNumbers).not.toEqual(found.phoneNumbers);
  });

  it('R69: a purchase that is over cannot be cancelled, and cancelling its search leaves the number alone', async () => {
    const [number] = await buy(client);
    const { searchId } = await search(client);
    const call = callerOf(server);
    await call('POST', '/availablePhoneNumbers/:purchase', { searchId });
    const refused = await call('DELETE', `/phoneNumbers/operations/purchase_${searchId}`);
    expect(refused.status).toBe(409);
    expect(errorOf(refused).code).toBe('Conflict');
    await call('DELETE', `/phoneNumbers/operations/search_${searchId}`);
    expect(await ownedBy(server)).toHaveLength(2);
    expect(await ownedBy(server)).toContain(number);
  });

  it('R69: a number is found by one search only, however many look at once', async () => {
    const found = await Promise.all(Array.from({ length: 12 }, () => search(client)));
    const numbers = found.flatMap((one: PhoneNumberSearchResult) => one.phoneNumbers);
    expect(new Set(numbers).size).toBe(12);
  });

  it('R67: a search finds as many as it is asked for, in the area that is asked for', async () => {
    const geographic = { ...TOLL_FREE, phoneNumberType: 'geographic', capabilities: { calling: 'inbound', sms: 'none' } } as const;
    const { phoneNumbers } = await search(client, { ...geographic, areaCode: '425', quantity: 20 });
    expect(phoneNumbers).toHaveLength(20);
    expect(phoneNumbers.every((number) => number.startsWith('+142555501'))).toBe(true);
  });

  it('numbers of a deleted resource are free again', async () => {
    const resource = await newResource(server);
    const [number] = await buy(numbersClient(resource.primaryConnectionString));
    await server.admin('DELETE', `/admin/resources/${resource.name}`);
    await advance(server, 'PT0S');
    expect((await search(client)).phoneNumbers).toEqual([number]);
  });

  it('a reset frees every number, a snapshot brings back who owned it', async () => {
    const [number] = await buy(client);
    await server.admin('POST', '/admin/snapshots', { name: 'numbers', replace: true });
    await server.admin('POST', '/admin/reset');
    expect(await ownedBy(server)).toEqual([]);
    expect((await search(client)).phoneNumbers).toEqual([number]);
    await server.admin('POST', '/admin/snapshots/numbers:restore');
    expect(await ownedBy(server)).toEqual([number]);
    await server.admin('DELETE', '/admin/snapshots/numbers');
  });

  it('what became of an operation is told for 30 days', async () => {
    const { searchId } = await search(client);
    const call = callerOf(server);
    await advance(server, 'P30D');
    expect((await call('GET', `/phoneNumbers/operations/search_${searchId}`)).status).toBe(200);
    await advance(server, 'P2D');
    expect((await call('GET', `/phoneNumbers/operations/search_${searchId}`)).status).toBe(404);
    expect((await call('GET', `/availablePhoneNumbers/searchResults/${searchId}`)).status).toBe(404);
  });

  it('numbers are listed page by page, each once, while others come and go', async () => {
    const quantity = { ...TOLL_FREE, quantity: 7 };
    await buy(client, quantity);
    const call = callerOf(server);
    const first = jsonOf<{ phoneNumbers: { phoneNumber: string }[]; nextLink: string }>(
      await signedRequest(server.connectionString, { method: 'GET', path: `/phoneNumbers?top=3&skip=1&${VERSION}` }),
    );
    expect(first.nextLink).toMatch(/^\/phoneNumbers\?/);
    await call('DELETE', `/phoneNumbers/${encodeURIComponent(first.phoneNumbers[0]!.phoneNumber)}`);
    const second = jsonOf<typeof first>(await signedRequest(server.connectionString, { method: 'GET', path: first.nextLink }));
    const seen = [...first.phoneNumbers, ...second.phoneNumbers].map(({ phoneNumber }) => phoneNumber);
    expect(new Set(seen).size).toBe(6);
    expect(second.nextLink).toBeUndefined();
  });
});

describe('operations that take their time', () => {
  const SLOW = ['--clock', 'virtual', '--phone-number-operation-time', '30s'];

  it('R69: run until the time is over, and are told so', async () => {
    await using server = await startServer({ args: SLOW });
    const call = callerOf(server);
    const searching = await call('POST', '/availablePhoneNumbers/countries/US/:search', WANTED);
    expect(await operationOf(server, searching)).toMatchObject({ status: 'running', operationType: 'search' });
    await advance(server, 'PT30S');
    expect(await operationOf(server, searching)).toMatchObject({ status: 'succeeded' });
    const searchId = String(searching.headers['search-id']);
    // Begun in time: it does not expire on the way.
    await advance(server, 'PT15M20S');
    const purchase = await call('POST', '/availablePhoneNumbers/:purchase', { searchId });
    expect(await operationOf(server, purchase)).toMatchObject({ status: 'running', operationType: 'purchase', resourceLocation: null });
    expect(await ownedBy(server)).toEqual([]);
    await advance(server, 'PT30S');
    expect(await operationOf(server, purchase)).toMatchObject({ status: 'succeeded' });
    const [number] = await ownedBy(server);
    const path = `/phoneNumbers/${encodeURIComponent(number!)}`;
    const update = await call('PATCH', `${path}/capabilities`, { calling: 'inbound' });
    const busy = await call('DELETE', path);
    expect(busy.status).toBe(409);
    expect(errorOf(busy)).toMatchObject({ code: 'Conflict', target: 'phoneNumber' });
    await advance(server, 'PT30S');
    expect(await operationOf(server, update)).toMatchObject({ operationType: 'updatePhoneNumberCapabilities', status: 'succeeded' });
    const released = await call('DELETE', path);
    expect(await operationOf(server, released)).toMatchObject({ operationType: 'releasePhoneNumber', status: 'running' });
    expect(await ownedBy(server)).toEqual([number]);
    await advance(server, 'PT30S');
    expect(await ownedBy(server)).toEqual([]);
  });

  it('can be cancelled: nothing has changed then', async () => {
    await using server = await startServer({ args: SLOW });
    const call = callerOf(server);
    const searching = await call('POST', '/availablePhoneNumbers/countries/US/:search', WANTED);
    await advance(server, 'PT30S');
    const purchase = await call('POST', '/availablePhoneNumbers/:purchase', { searchId: searching.headers['search-id'] });
    const path = `/phoneNumbers/operations/${String(purchase.headers['operation-id'])}`;
    expect((await call('DELETE', path)).status).toBe(204);
    await advance(server, 'PT30S');
    expect(await operationOf(server, purchase)).toMatchObject({ status: 'failed', error: { code: 'OperationCancelled' } });
    expect(await ownedBy(server)).toEqual([]);
    expect((await call('DELETE', path)).status).toBe(409);
  });

  it('R69: a killed server goes on where it was', async () => {
    using folder = new TemporaryFolder();
    const first = await startServer({ data: folder.path, args: SLOW });
    const call = callerOf(first);
    const searching = await call('POST', '/availablePhoneNumbers/countries/US/:search', WANTED);
    await advance(first, 'PT30S');
    const purchase = await call('POST', '/availablePhoneNumbers/:purchase', { searchId: searching.headers['search-id'] });
    expect(purchase.status).toBe(202);
    await first.kill();

    await using second = await startServer({ data: folder.path, args: SLOW });
    expect(await operationOf(second, purchase)).toMatchObject({ status: 'running' });
    await advance(second, 'PT1M');
    expect(await operationOf(second, purchase)).toMatchObject({ status: 'succeeded' });
    expect(await ownedBy(second)).toHaveLength(1);
  });
});
