import {
  PhoneNumbersClient,
  type PhoneNumberSearchResult,
  type SearchAvailablePhoneNumbersRequest,
} from '@azure/communication-phone-numbers';

/** Microsoft's published client, unmodified. */
export function numbersClient(connectionString: string): PhoneNumbersClient {
  return new PhoneNumbersClient(connectionString);
}

/** A toll-free number that sends and receives texts. */
export const TOLL_FREE: SearchAvailablePhoneNumbersRequest = {
  countryCode: 'US',
  phoneNumberType: 'tollFree',
  assignmentType: 'application',
  capabilities: { calling: 'none', sms: 'inbound+outbound' },
};

/** Searches and waits for the end of it. */
export async function search(
  client: PhoneNumbersClient,
  wanted: SearchAvailablePhoneNumbersRequest = TOLL_FREE,
): Promise<PhoneNumberSearchResult> {
  return (await client.beginSearchAvailablePhoneNumbers(wanted)).pollUntilDone();
}

/** Searches, purchases, and waits for the end of both. @returns the numbers */
export async function buy(client: PhoneNumbersClient, wanted: SearchAvailablePhoneNumbersRequest = TOLL_FREE): Promise<string[]> {
  const { searchId, phoneNumbers } = await search(client, wanted);
  await (await client.beginPurchasePhoneNumbers(searchId, { agreeToNotResell: true })).pollUntilDone();
  return phoneNumbers;
}

/** Gives a number back, and waits for the end of it. */
export async function release(client: PhoneNumbersClient, phoneNumber: string): Promise<void> {
  await (await client.beginReleasePhoneNumber(phoneNumber)).pollUntilDone();
}

export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
