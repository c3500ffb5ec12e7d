import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { runCommand } from '../../lib/switchboard-command.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

function phoneNumber(...args: string[]) {
  return runCommand(['communication', 'phonenumber', ...args, '--data', server.data]);
}

async function json<T>(...args: string[]): Promise<T> {
  const { code, out, err } = await phoneNumber(...args);
  expect(code, err).toBe(0);
  return JSON.parse(out) as T;
}

describe('switchboard communication phonenumber', () => {
  it('R138: lists with the flags of az, by resource group and name or by connection string', async () => {
    const { name, primaryConnectionString } = await newResource(server);
    const of = ['--resource-group', 'local', '--communication-service-name', name];
    expect(await json('list', ...of)).toEqual([]);
    const bought = await json<string[]>('buy', ...of, '--sms', 'inbound+outbound', '--quantity', '2');
    expect(bought).toHaveLength(2);
    const listed = await json<{ phoneNumber: string }[]>('list', ...of);
    expect(listed.map((one) => one.phoneNumber)).toEqual(bought);
    expect(await json('list', '--connection-string', primaryConnectionString)).toEqual(listed);
    const shown = await phoneNumber('show', ...of, '--phonenumber', bought[0]!, '--output', 'table');
    expect(shown.out).toMatch(/^PHONE NUMBER +COUNTRY +TYPE +CALLING +SMS\n\+1\d{10} +US +tollFree +none +inbound\+outbound\n$/);
  });

  it('R69: searches, purchases, changes and releases', async () => {
    const found = await json<{ searchId: string; phoneNumbers: string[] }>(
      'search',
      '--country-code',
      'GB',
      '--phone-number-type',
      'mobile',
    );
    expect((await phoneNumber('purchase', '--search-id', found.searchId)).code).toBe(0);
    const [number] = found.phoneNumbers as [string];
    expect(await json('update', '--phonenumber', number, '--sms', 'outbound')).toMatchObject({
      capabilities: { calling: 'none', sms: 'outbound' },
    });
    expect((await phoneNumber('release', '--phonenumber', number)).code).toBe(0);
    const gone = await phoneNumber('show', '--phonenumber', number);
    expect(gone).toMatchObject({ code: 1, err: `switchboard: Input phoneNumber ${number} cannot be found.\n` });
  });

  it('R59: gives a resource short codes, and numbers really owned', async () => {
    expect(await json('load', '--phone-number-type', 'shortCode')).toMatchObject([{ phoneNumberType: 'shortCode', countryCode: 'US' }]);
    const owned = ['--phonenumber', '+4930901820', '--carrier', 'acme', '--sms', 'inbound+outbound'];
    expect(await json('load', ...owned)).toMatchObject([{ carrier: 'acme', capabilities: { calling: 'none', sms: 'inbound+outbound' } }]);
  });

  it('says what is wrong in the words of the server', async () => {
    const french = await phoneNumber('buy', '--country-code', 'FR');
    expect(french).toMatchObject({ code: 1, err: expect.stringContaining('Do not resell agreement was not provided') as string });
    const nowhere = await phoneNumber('buy', '--area-code', '999');
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('failed: OutOfStock.') as string });
    expect(await phoneNumber('list', '--communication-service-name', 'nothing')).toMatchObject({ code: 1 });
    expect(await phoneNumber('show')).toMatchObject({ code: 2 });
  });
});
