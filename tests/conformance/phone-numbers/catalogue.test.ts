import type { PhoneNumbersClient } from '@azure/communication-phone-numbers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buy, listOf, numbersClient } from '../../lib/phone-numbers.ts';
import { errorOf, jsonOf } from '../../lib/raw-request.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';

let server: TestServer;
let client: PhoneNumbersClient;
beforeAll(async () => {
  server = await startServer();
  client = numbersClient(server.connectionString);
});
afterAll(() => server.stop());

const VERSION = 'api-version=2025-06-01';

function get(path: string) {
  return signedRequest(server.connectionString, { method: 'GET', path: `${path}${path.includes('?') ? '&' : '?'}${VERSION}` });
}

describe('what there is to be had', () => {
  it('R68: the countries are listed, the United States, Canada, the United Kingdom and Germany among them', async () => {
    const countries = await listOf(client.listAvailableCountries());
    expect(countries).toContainEqual({ localizedName: 'Germany', countryCode: 'DE' });
    expect(countries.map(({ countryCode }) => countryCode)).toEqual(expect.arrayContaining(['US', 'CA', 'GB', 'DE', 'FR', 'IE', 'AU']));
    expect(countries.map(({ localizedName }) => localizedName)).toEqual(countries.map(({ localizedName }) => localizedName).sort());
  });

  it('R67: towns, with their states, and the area codes of a town', async () => {
    const towns = await listOf(client.listAvailableLocalities('CA', { administrativeDivision: 'BC' }));
    expect(towns).toEqual([
      { localizedName: 'Vancouver', administrativeDivision: { localizedName: 'British Columbia', abbreviatedName: 'BC' } },
      { localizedName: 'Victoria', administrativeDivision: { localizedName: 'British Columbia', abbreviatedName: 'BC' } },
    ]);
    const codes = await listOf(client.listAvailableGeographicAreaCodes('CA', { locality: 'Vancouver', administrativeDivision: 'BC' }));
    expect(codes).toEqual([{ areaCode: '604' }, { areaCode: '236' }]);
  });

  it('R67: area codes of toll-free and mobile numbers', async () => {
    expect(await listOf(client.listAvailableTollFreeAreaCodes('US'))).toContainEqual({ areaCode: '833' });
    expect(await listOf(client.listAvailableMobileAreaCodes('GB'))).toEqual([{ areaCode: '7700' }]);
  });

  it('R149: the offerings tell what each type can do, and for how much', async () => {
    const cost = (amount: number) => ({ amount, currencyCode: 'USD', billingFrequency: 'monthly' });
    // As recorded from the service.
    expect(await listOf(client.listAvailableOfferings('US'))).toEqual([
      {
        phoneNumberType: 'geographic',
        assignmentType: 'person',
        availableCapabilities: { calling: 'inbound+outbound', sms: 'none' },
        cost: cost(1),
      },
      {
        phoneNumberType: 'geographic',
        assignmentType: 'application',
        availableCapabilities: { calling: 'inbound+outbound', sms: 'none' },
        cost: cost(1),
      },
      {
        phoneNumberType: 'tollFree',
        assignmentType: 'application',
        availableCapabilities: { calling: 'inbound+outbound', sms: 'inbound+outbound' },
        cost: cost(2),
      },
    ]);
    const persons = await listOf(client.listAvailableOfferings('DE', { assignmentType: 'person' }));
    expect(persons.map(({ phoneNumberType }) => phoneNumberType)).toEqual(['geographic']);
  });

  it('links to further pages are relative, and lead through the whole list', async () => {
    const whole = await listOf(client.listAvailableCountries());
    const codes: string[] = [];
    let path: string | undefined = '/availablePhoneNumbers/countries?maxPageSize=7';
    while (path !== undefined) {
      const answer = await get(path.replace(/&?api-version=[^&]*/, ''));
      const page: { countries: { countryCode: string }[]; nextLink?: string } = jsonOf(answer);
      expect(page.nextLink ?? '/').toMatch(/^\//);
      codes.push(...page.countries.map(({ countryCode }) => countryCode));
      path = page.nextLink;
    }
    expect(codes).toEqual(whole.map(({ countryCode }) => countryCode));
  });

  it('the published client follows them', async () => {
    const pages = [];
    for await (const page of client.listAvailableOfferings('US', { requestOptions: {} }).byPage()) pages.push(page.length);
    expect(pages).toEqual([3]);
    const all = await listOf(client.listAvailableGeographicAreaCodes('US', { maxPageSize: 5 }));
    expect(new Set(all.map(({ areaCode }) => areaCode)).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(50);
  });

  it.each(['localities', 'areaCodes?phoneNumberType=geographic', 'offerings'])(
    'R68: %s of an unknown country are a 400 that names it',
    async (what) => {
      for (const country of ['XX', 'INVALID', 'CN']) {
        const answer = await get(`/availablePhoneNumbers/countries/${country}/${what}`);
        expect(answer.status).toBe(400);
        expect(errorOf(answer)).toMatchObject({ code: 'InvalidInput', target: 'countryCode' });
        expect(errorOf(answer).message).toContain('Unable to parse country code.');
      }
    },
  );
});

describe('browsing', () => {
  it('shows numbers with all that they can do, and holds none', async () => {
    const wanted = { countryCode: 'US', phoneNumberType: 'tollFree' } as const;
    const options = { capabilities: { calling: 'outbound' }, assignmentType: 'application' } as const;
    const { phoneNumbers } = await client.browseAvailablePhoneNumbers(wanted, options);
    expect(phoneNumbers).toHaveLength(25);
    for (const number of phoneNumbers)
      expect(number).toMatchObject({
        countryCode: 'US',
        phoneNumberType: 'tollFree',
        assignmentType: 'application',
        capabilities: { calling: 'inbound+outbound', sms: 'inbound+outbound' },
        cost: { amount: 2 },
        status: 'available',
      });
    expect((await client.browseAvailablePhoneNumbers(wanted, options)).phoneNumbers).toEqual(phoneNumbers);
  });

  it('leaves out what is owned, and keeps to prefixes', async () => {
    const [bought] = await buy(client, {
      countryCode: 'GB',
      phoneNumberType: 'geographic',
      assignmentType: 'application',
      capabilities: { calling: 'inbound', sms: 'none' },
      areaCode: '131',
    });
    const wanted = { countryCode: 'GB', phoneNumberType: 'geographic' } as const;
    const edinburgh = await client.browseAvailablePhoneNumbers(wanted, { phoneNumberPrefixes: ['44131', '+44141'] });
    const numbers = edinburgh.phoneNumbers.map(({ phoneNumber }) => phoneNumber);
    expect(numbers).not.toContain(bought);
    expect(numbers.every((number) => number?.startsWith('+44131'))).toBe(true);
    expect((await client.browseAvailablePhoneNumbers(wanted, { phoneNumberPrefixes: ['49'] })).phoneNumbers).toEqual([]);
  });

  it('refuses what no country offers', async () => {
    await expect(client.browseAvailablePhoneNumbers({ countryCode: 'INVALID', phoneNumberType: 'tollFree' })).rejects.toMatchObject({
      statusCode: 400,
      code: 'InvalidInput',
    });
    const asked = client.browseAvailablePhoneNumbers(
      { countryCode: 'US', phoneNumberType: 'geographic' },
      { capabilities: { sms: 'outbound' } },
    );
    await expect(asked).rejects.toMatchObject({ statusCode: 400, code: 'BadRequest' });
  });
});

describe('operator information', () => {
  it('R73: tells how a number is written, and with details of which kind it is', async () => {
    const { values } = await client.searchOperatorInformation(['+14255550123']);
    expect(values).toEqual([{ phoneNumber: '+14255550123', nationalFormat: '(425) 555-0123', internationalFormat: '+1 425 555 0123' }]);
    const detailed = await client.searchOperatorInformation(['+447700900123'], { includeAdditionalOperatorDetails: true });
    expect(detailed.values).toEqual([
      {
        phoneNumber: '+447700900123',
        nationalFormat: '07700 900123',
        internationalFormat: '+44 7700 900123',
        isoCountryCode: 'GB',
        numberType: 'mobile',
        operatorDetails: { name: 'Simulated carrier', mobileNetworkCode: '99', mobileCountryCode: '999' },
      },
    ]);
  });

  it.each([
    ['+493023125000', 'DE', 'geographic'],
    ['+18005550100', 'US', 'other'],
    ['+4915123456789', 'DE', 'mobile'],
    ['+999123456789', undefined, 'unknown'],
  ])('%s is of %s and %s', async (number, isoCountryCode, numberType) => {
    const { values } = await client.searchOperatorInformation([number], { includeAdditionalOperatorDetails: true });
    expect(values?.[0]).toMatchObject({ phoneNumber: number, numberType });
    expect(values?.[0]?.isoCountryCode).toBe(isoCountryCode);
  });

  it('R73: takes one number, of the right form', async () => {
    await expect(client.searchOperatorInformation(['+14255550123', '+14255550124'])).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('Can only accept one phoneNumber') as unknown,
    });
    await expect(client.searchOperatorInformation(['14255550123'])).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('Invalid Phone Number format.') as unknown,
    });
  });
});
