import { getPhoneNumber, listPhoneNumbers, releasePhoneNumber, updatePhoneNumberCapabilities } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import { isE164 } from '../countries/number.ts';
import { phoneNumberErrors } from '../errors.ts';
import type { NumberChanges } from '../number-changes.ts';
import type { OwnedNumbers } from '../owned-numbers.ts';
import { pageLink, pageSize } from './pages.ts';
import { numberPath, versioned, wireOwned } from './wire.ts';

export interface OwnedRoutes {
  readonly owned: OwnedNumbers;
  readonly changes: NumberChanges;
}

export function registerOwnedRoutes(http: HttpServer, { owned, changes }: OwnedRoutes): void {
  http.route(listPhoneNumbers, async ({ query, caller, apiVersion }) => {
    const limit = pageSize(query.top);
    // One more, so that an empty last page is never announced.
    const found = await owned.page(caller.resource.id, {
      after: query.after ?? '',
      skip: query.skip ?? 0,
      limit: limit + 1,
      hidden: 'shortCode',
    });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const phoneNumbers = shown.map(wireOwned);
    if (found.length <= limit || last === undefined) return reply(200, { phoneNumbers });
    return reply(200, { phoneNumbers, nextLink: pageLink('/phoneNumbers', apiVersion, { top: limit, after: last.phoneNumber }) });
  });

  http.route(getPhoneNumber, async ({ params, caller }) => {
    const found = await owned.find(caller.resource.id, checked(params.phoneNumber));
    if (found === undefined) throw phoneNumberErrors.notOwned(params.phoneNumber);
    return reply(200, wireOwned(found));
  });

  http.route(updatePhoneNumberCapabilities, async ({ params, body, caller, apiVersion }) => {
    const number = checked(params.phoneNumber);
    const { id } = await changes.updateCapabilities(caller.resource, number, body);
    const capabilitiesUpdateId = id.slice(id.indexOf('_') + 1);
    return reply(
      202,
      { capabilitiesUpdateId },
      {
        location: versioned(numberPath(number), apiVersion),
        'operation-location': versioned(`/phoneNumbers/operations/${id}`, apiVersion),
        'operation-id': id,
        'capabilities-id': capabilitiesUpdateId,
      },
    );
  });

  http.route(releasePhoneNumber, async ({ params, caller, apiVersion }) => {
    const { id } = await changes.release(caller.resource, checked(params.phoneNumber));
    return reply(202, undefined, {
      'operation-location': versioned(`/phoneNumbers/operations/${id}`, apiVersion),
      'operation-id': id,
      'release-id': id.slice(id.indexOf('_') + 1),
    });
  });
}

/** @throws ApiError 400 */
function checked(number: string): string {
  if (!isE164(number)) throw phoneNumberErrors.badNumber('phoneNumber', number);
  return number;
}
