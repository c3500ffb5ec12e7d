import { browseNumbers, listAreaCodes, listNumberCountries, listNumberLocalities, listOfferings } from '@switchboard/contract';
import { httpErrors, type HttpServer, reply } from '../../http/index.ts';
import type { Browsing } from '../browse.ts';
import { areaCodesOf, localitiesOf, offeringsOf } from '../catalogue.ts';
import { COUNTRIES, mustFindCountry } from '../countries/countries.ts';
import { pageOf } from './pages.ts';
import { wireAvailable, wireCost } from './wire.ts';

const COUNTRIES_PATH = '/availablePhoneNumbers/countries';

export function registerCatalogueRoutes(http: HttpServer, browsing: Browsing): void {
  http.route(listNumberCountries, ({ query, apiVersion }) => {
    const { items, link } = pageOf(COUNTRIES, { path: COUNTRIES_PATH, apiVersion, query });
    return reply(200, { countries: items.map(({ name, code }) => ({ localizedName: name, countryCode: code })), ...link });
  });

  http.route(listNumberLocalities, ({ params, query, apiVersion }) => {
    const country = mustFindCountry(params.countryCode);
    const all = localitiesOf(country, { type: query.phoneNumberType, division: query.administrativeDivision });
    const { items, link } = pageOf(all, { path: pathOf(country.code, 'localities'), apiVersion, query });
    const phoneNumberLocalities = items.map(({ name, division }) => ({
      localizedName: name,
      ...(division === undefined
        ? {}
        : { administrativeDivision: { localizedName: division.name, abbreviatedName: division.abbreviation } }),
    }));
    return reply(200, { phoneNumberLocalities, ...link });
  });

  http.route(listAreaCodes, ({ params, query, apiVersion }) => {
    const country = mustFindCountry(params.countryCode);
    const { phoneNumberType: type, assignmentType: assignment, locality, administrativeDivision: division } = query;
    if (type === undefined) throw httpErrors.invalid('phoneNumberType', 'is required');
    const all = areaCodesOf(country, { type, assignment, locality, division });
    const { items, link } = pageOf(all, { path: pathOf(country.code, 'areaCodes'), apiVersion, query });
    return reply(200, { areaCodes: items.map((areaCode) => ({ areaCode })), ...link });
  });

  http.route(listOfferings, ({ params, query, apiVersion }) => {
    const country = mustFindCountry(params.countryCode);
    const all = offeringsOf(country, { type: query.phoneNumberType, assignment: query.assignmentType });
    const { items, link } = pageOf(all, { path: pathOf(country.code, 'offerings'), apiVersion, query });
    const phoneNumberOfferings = items.map(({ offering, assignment }) => ({
      phoneNumberType: offering.type,
      assignmentType: assignment,
      availableCapabilities: { calling: offering.calling, sms: offering.sms },
      cost: wireCost(offering.monthlyUsd),
    }));
    return reply(200, { phoneNumberOfferings, ...link });
  });

  http.route(browseNumbers, async ({ params, body, caller }) => {
    const found = await browsing.browse(caller.resource.id, { ...body, countryCode: params.countryCode });
    return reply(200, { phoneNumbers: found.map((one) => wireAvailable(one, 'available')) });
  });
}

function pathOf(countryCode: string, what: string): string {
  return `${COUNTRIES_PATH}/${countryCode}/${what}`;
}
