import { randomUUID } from 'node:crypto';
import type { Ground } from './ground.ts';

const VERSION = '?api-version=2025-06-01';

/** Of a country with room for many scenes. */
const WANTED = {
  phoneNumberType: 'geographic',
  assignmentType: 'application',
  capabilities: { calling: 'inbound+outbound', sms: 'none' },
};

/** A number that is owned, and a search that holds another. @returns path parameters */
export async function phoneNumberScene(ground: Ground): Promise<Record<string, string>> {
  const bought = await search(ground);
  await ground.signed('POST', `/availablePhoneNumbers/:purchase${VERSION}`, JSON.stringify({ searchId: bought }));
  const { text } = await ground.signed('GET', `/availablePhoneNumbers/searchResults/${bought}${VERSION}`);
  const [phoneNumber] = (JSON.parse(text) as { readonly phoneNumbers: readonly [string] }).phoneNumbers;
  const searchId = await search(ground);
  const operation = { searchId, phoneNumberOperationId: `search_${searchId}` };
  return { countryCode: 'GB', ...operation, phoneNumber, reservationId: await reserve(ground) };
}

/** Bodies of operations about phone numbers, whose meaning a schema does not tell. */
export function phoneNumberBodies(values: Readonly<Record<string, string>>): Readonly<Record<string, () => unknown>> {
  return {
    PhoneNumbers_SearchAvailablePhoneNumbers: () => WANTED,
    Admin_LoadPhoneNumbers: () => ({ phoneNumbers: [{ countryCode: 'GB', phoneNumberType: 'geographic' }] }),
    PhoneNumbers_OperatorInformationSearch: () => ({ phoneNumbers: ['+14255550123'] }),
    SipRouting_Update: () => ({ routes: [] }),
    PhoneNumbers_PurchasePhoneNumbers: () => ({ searchId: values['searchId'] }),
    PhoneNumbers_UpdateCapabilities: () => ({ calling: 'inbound' }),
  };
}

async function search(ground: Ground): Promise<string> {
  const { headers } = await ground.signed('POST', `/availablePhoneNumbers/countries/GB/:search${VERSION}`, JSON.stringify(WANTED));
  return String(headers['search-id']);
}

async function reserve(ground: Ground): Promise<string> {
  const reservationId = randomUUID();
  const browsed = await ground.signed(
    'POST',
    `/availablePhoneNumbers/countries/GB/:browse${VERSION}`,
    JSON.stringify({ phoneNumberType: 'geographic' }),
  );
  const [first] = (JSON.parse(browsed.text) as { readonly phoneNumbers: readonly [{ readonly id: string }] }).phoneNumbers;
  const body = JSON.stringify({ phoneNumbers: { [first.id]: {} } });
  await ground.signed('PATCH', `/availablePhoneNumbers/reservations/${reservationId}${VERSION}`, body);
  return reservationId;
}
