import type { AdminPhoneNumber } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listOf, numbersClient, release } from '../../lib/phone-numbers.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

interface Page {
  readonly value: readonly AdminPhoneNumber[];
  readonly nextLink?: string;
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

function load(resource: string, ...phoneNumbers: object[]) {
  return server.admin<Page & { error?: { code: string; target: string } }>('POST', '/admin/phone-numbers', { resource, phoneNumbers });
}

async function listed(resource: string): Promise<readonly AdminPhoneNumber[]> {
  return (await server.admin<Page>('GET', `/admin/phone-numbers?resource=${resource}`)).body.value;
}

describe('numbers that an operator has', () => {
  it('R126: a number really owned is given to a resource, with its carrier, and belongs to it like any other', async () => {
    const { name, primaryConnectionString } = await newResource(server);
    const { status, body } = await load(name, { phoneNumber: '+4930901820', carrier: 'acme', monthlyCost: 1.5 });
    expect(status).toBe(201);
    expect(body.value).toMatchObject([
      {
        phoneNumber: '+4930901820',
        resource: name,
        countryCode: 'DE',
        phoneNumberType: 'geographic',
        carrier: 'acme',
        cost: { amount: 1.5, currencyCode: 'USD', billingFrequency: 'monthly' },
      },
    ]);
    const client = numbersClient(primaryConnectionString);
    expect(await client.getPurchasedPhoneNumber('+4930901820')).toMatchObject({ countryCode: 'DE', phoneNumberType: 'geographic' });
    await release(client, '+4930901820');
    expect(await listed(name)).toEqual([]);
  });

  it('R59: a short code is leased, by its number or any free one, and the public list knows numbers only', async () => {
    const { name, primaryConnectionString } = await newResource(server);
    const { body } = await load(name, { phoneNumber: '67890' }, { phoneNumberType: 'shortCode' }, { phoneNumberType: 'tollFree' });
    const [named, picked, tollFree] = body.value;
    expect(named).toMatchObject({
      phoneNumber: '67890',
      countryCode: 'US',
      phoneNumberType: 'shortCode',
      capabilities: { calling: 'none', sms: 'inbound+outbound' },
      cost: { amount: 1000 },
    });
    expect(picked?.phoneNumber).toMatch(/^1\d{4}$/);
    const owned = await listOf(numbersClient(primaryConnectionString).listPurchasedPhoneNumbers());
    expect(owned.map(({ phoneNumber }) => phoneNumber)).toEqual([tollFree?.phoneNumber]);
    expect((await listed(name)).map(({ phoneNumber }) => phoneNumber).sort()).toEqual(body.value.map((one) => one.phoneNumber).sort());
  });

  it('loading a number again says anew what it is; its purchase stays', async () => {
    const { name } = await newResource(server);
    const first = await load(name, { phoneNumber: '+15035550123', carrier: 'acme' });
    const again = await load(name, {
      phoneNumber: '+15035550123',
      carrier: 'other',
      capabilities: { calling: 'none', sms: 'inbound+outbound' },
    });
    expect(again.status).toBe(201);
    expect(await listed(name)).toMatchObject([{ carrier: 'other', capabilities: { sms: 'inbound+outbound' } }]);
    expect(again.body.value[0]?.purchaseDate).toBe(first.body.value[0]?.purchaseDate);
  });

  it('all are given or none: what another resource has is a conflict that names it', async () => {
    const one = await newResource(server);
    const other = await newResource(server);
    await load(one.name, { phoneNumber: '+12065550177' });
    const { status, body } = await load(other.name, { phoneNumber: '+12065550178' }, { phoneNumber: '+12065550177' });
    expect(status).toBe(409);
    expect(body.error).toMatchObject({ code: 'Conflict', target: 'phoneNumbers[1].phoneNumber' });
    expect(await listed(other.name)).toEqual([]);
  });

  it('R74: nobody can own an emergency number', async () => {
    for (const phoneNumber of ['911', '112', '+44999', '000']) {
      const { status, body } = await load('local', { phoneNumber });
      expect(status).toBe(400);
      expect(body.error).toMatchObject({ target: 'phoneNumbers[0].phoneNumber' });
    }
  });

  it('is taken away at once', async () => {
    const { name } = await newResource(server);
    await load(name, { phoneNumber: '+12065550166' });
    const path = `/admin/phone-numbers/${encodeURIComponent('+12065550166')}?resource=${name}`;
    expect((await server.admin('DELETE', path)).status).toBe(204);
    expect((await server.admin('DELETE', path)).status).toBe(404);
    expect(await listed(name)).toEqual([]);
  });

  it('is listed page by page', async () => {
    const { name } = await newResource(server);
    await load(name, ...Array.from({ length: 5 }, (_, i) => ({ phoneNumber: `+1303555012${i}` })));
    const seen: string[] = [];
    let path: string | undefined = `/admin/phone-numbers?resource=${name}&maxPageSize=2`;
    while (path !== undefined) {
      const { body }: { body: Page } = await server.admin<Page>('GET', path);
      seen.push(...body.value.map(({ phoneNumber }) => phoneNumber));
      path = body.nextLink;
    }
    expect(seen).toEqual(Array.from({ length: 5 }, (_, i) => `+1303555012${i}`));
  });

  it('a state may begin with numbers, and tells them by handle', async () => {
    using folder = new TemporaryFolder();
    const fixtures = { users: [{ handle: 'a' }], phoneNumbers: [{ handle: 'hotline', phoneNumberType: 'tollFree' }] };
    const file = folder.write('switchboard.json', JSON.stringify({ fixtures }));
    await using own = await startServer({ args: ['--config', file] });
    const { body } = await own.admin<{ phoneNumbers: Record<string, { phoneNumber: string }> }>('GET', '/admin/fixtures');
    const owned = await listOf(numbersClient(own.connectionString).listPurchasedPhoneNumbers());
    expect(owned.map(({ phoneNumber }) => phoneNumber)).toEqual([body.phoneNumbers['hotline']?.phoneNumber]);
    await own.admin('POST', '/admin/reset');
    expect(await listOf(numbersClient(own.connectionString).listPurchasedPhoneNumbers())).toHaveLength(1);
  });
});
