import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buy, listOf, numbersClient, release, search, TOLL_FREE } from '../../lib/phone-numbers.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

async function freshClient() {
  return numbersClient((await newResource(server)).primaryConnectionString);
}

describe('phone numbers SDK 1.5.0', () => {
  it('R9: a new resource owns no numbers', async () => {
    expect(await listOf((await freshClient()).listPurchasedPhoneNumbers())).toEqual([]);
  });

  it('R69: a number is searched, purchased and listed', async () => {
    const client = await freshClient();
    const found = await search(client);
    expect(found).toMatchObject({
      phoneNumberType: 'tollFree',
      assignmentType: 'application',
      capabilities: { calling: 'none', sms: 'inbound+outbound' },
      cost: { amount: 2, currencyCode: 'USD', billingFrequency: 'monthly' },
      isAgreementToNotResellRequired: false,
      error: 'NoError',
    });
    expect(found.phoneNumbers).toHaveLength(1);
    expect(found.searchExpiresBy.getTime() - Date.now()).toBeLessThanOrEqual(16 * 60_000);
    // Holding is not owning.
    expect(await listOf(client.listPurchasedPhoneNumbers())).toEqual([]);
    await (await client.beginPurchasePhoneNumbers(found.searchId)).pollUntilDone();
    const [owned, ...others] = await listOf(client.listPurchasedPhoneNumbers());
    expect(others).toEqual([]);
    expect(owned).toMatchObject({
      id: found.phoneNumbers[0]!.slice(1),
      phoneNumber: found.phoneNumbers[0],
      countryCode: 'US',
      phoneNumberType: 'tollFree',
      assignmentType: 'application',
      capabilities: TOLL_FREE.capabilities,
      cost: found.cost,
    });
    expect(await client.getPurchasedPhoneNumber(found.phoneNumbers[0]!)).toEqual(owned);
  });

  it('R71: a released number leaves the list', async () => {
    const client = await freshClient();
    const [number] = await buy(client);
    await release(client, number!);
    expect(await listOf(client.listPurchasedPhoneNumbers())).toEqual([]);
    await expect(client.getPurchasedPhoneNumber(number!)).rejects.toMatchObject({ statusCode: 404, code: 'NotFound' });
    await expect(release(client, number!)).rejects.toMatchObject({ statusCode: 404, code: 'NotFound' });
  });

  it('R70: capabilities are those that were chosen, and can be changed', async () => {
    const client = await freshClient();
    const [number] = await buy(client, { ...TOLL_FREE, capabilities: { calling: 'inbound', sms: 'none' } });
    expect((await client.getPurchasedPhoneNumber(number!)).capabilities).toEqual({ calling: 'inbound', sms: 'none' });
    const poller = await client.beginUpdatePhoneNumberCapabilities(number!, { calling: 'inbound+outbound', sms: 'outbound' });
    expect(await poller.pollUntilDone()).toMatchObject({
      phoneNumber: number,
      capabilities: { calling: 'inbound+outbound', sms: 'outbound' },
    });
  });
});
