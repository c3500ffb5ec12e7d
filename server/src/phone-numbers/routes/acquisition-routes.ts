import { getSearchResult, purchasePhoneNumbers, searchPhoneNumbers, type SearchResult } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import { mustFindCountry } from '../countries/countries.ts';
import type { Purchases } from '../purchase.ts';
import type { Search, Searches } from '../search.ts';
import { versioned, wireCost } from './wire.ts';

export interface AcquisitionRoutes {
  readonly searches: Searches;
  readonly purchases: Purchases;
}

export function registerAcquisitionRoutes(http: HttpServer, { searches, purchases }: AcquisitionRoutes): void {
  http.route(searchPhoneNumbers, async ({ params, body, caller, apiVersion }) => {
    const { id, operation } = await searches.begin(caller.resource, { ...body, countryCode: params.countryCode });
    return reply(202, undefined, {
      location: versioned(`/availablePhoneNumbers/searchResults/${id}`, apiVersion),
      'operation-location': versioned(`/phoneNumbers/operations/${operation.id}`, apiVersion),
      'operation-id': operation.id,
      'search-id': id,
    });
  });

  http.route(getSearchResult, async ({ params, caller }) =>
    reply(200, wireSearch(await searches.get(caller.resource.id, params.searchId))),
  );

  http.route(purchasePhoneNumbers, async ({ body, caller, apiVersion }) => {
    const { searchId, agreeToNotResell } = body;
    const { id } = await purchases.begin(caller.resource, { searchId, agreeToNotResell: agreeToNotResell === true });
    return reply(202, undefined, {
      'operation-location': versioned(`/phoneNumbers/operations/${id}`, apiVersion),
      'operation-id': id,
      'purchase-id': searchId,
    });
  });
}

/** The number of this error in the published example; the others are not known. */
const OUT_OF_STOCK = { errorCode: 1000, error: 'OutOfStock' };

function wireSearch(search: Search): SearchResult {
  const isShort = search.numbers !== null && search.found.length < search.quantity;
  return {
    searchId: search.id,
    phoneNumbers: [...search.found],
    // Only ever written from these types.
    phoneNumberType: search.type as SearchResult['phoneNumberType'],
    assignmentType: search.assignment as SearchResult['assignmentType'],
    capabilities: { calling: search.calling, sms: search.sms } as SearchResult['capabilities'],
    cost: wireCost(search.monthly_cents / 100),
    searchExpiresBy: new Date(search.expires_at).toISOString(),
    isAgreementToNotResellRequired: mustFindCountry(search.country).isResaleForbidden === true,
    ...(isShort ? OUT_OF_STOCK : { error: 'NoError' }),
  };
}
