import { type AdminPhoneNumber, listAdminPhoneNumbers, loadPhoneNumbers, removePhoneNumber } from '@switchboard/contract';
import { type HttpServer, page, reply } from '../../http/index.ts';
import type { OwnedNumber, PhoneNumbers } from '../../phone-numbers/index.ts';
import type { ResourceService } from '../../resources/index.ts';
import { DEFAULT_RESOURCE } from './resources.ts';

export interface PhoneNumberRoutes {
  readonly phoneNumbers: PhoneNumbers;
  readonly resources: ResourceService;
}

const DEFAULT_PAGE = 100;
const MOST_A_PAGE = 1_000;

/** Phone numbers as their operator sees them. */
export function registerPhoneNumberRoutes(http: HttpServer, { phoneNumbers, resources }: PhoneNumberRoutes): void {
  const { operator } = phoneNumbers;

  http.route(loadPhoneNumbers, async ({ body }) => {
    const resource = resources.byName(body.resource ?? DEFAULT_RESOURCE);
    const given = await operator.load(resource, body.phoneNumbers);
    return reply(201, { value: given.map((owned) => shown(owned, resource.name)) });
  });

  http.route(listAdminPhoneNumbers, async (call) => {
    const { maxPageSize, syncState, resource: name } = call.query;
    const resource = resources.byName(name ?? DEFAULT_RESOURCE);
    const limit = Math.min(maxPageSize ?? DEFAULT_PAGE, MOST_A_PAGE);
    const found = await operator.page(resource.id, { after: syncState ?? '', limit: limit + 1 });
    return reply(
      200,
      page(
        { ...call, query: { maxPageSize, resource: name } },
        {
          found,
          limit,
          path: listAdminPhoneNumbers.path,
          keyOf: ({ phoneNumber }) => phoneNumber,
          show: (owned) => shown(owned, resource.name),
        },
      ),
    );
  });

  http.route(removePhoneNumber, async ({ params, query }) => {
    await operator.remove(resources.byName(query.resource ?? DEFAULT_RESOURCE).id, params.phoneNumber);
    return reply(204);
  });
}

function shown(owned: OwnedNumber, resource: string): AdminPhoneNumber {
  return {
    phoneNumber: owned.phoneNumber,
    resource,
    countryCode: owned.countryCode,
    phoneNumberType: owned.type,
    assignmentType: owned.assignment,
    capabilities: { calling: owned.calling, sms: owned.sms },
    ...(owned.carrier === undefined ? {} : { carrier: owned.carrier }),
    cost: { amount: owned.monthlyUsd, currencyCode: 'USD', billingFrequency: 'monthly' },
    purchaseDate: new Date(owned.purchasedAtMs).toISOString(),
  };
}
