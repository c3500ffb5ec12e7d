import type { AvailablePhoneNumber, PurchasedPhoneNumber } from '@switchboard/contract';
import type { AvailableNumber } from '../available-number.ts';
import { findCountry } from '../countries/countries.ts';
import type { OwnedNumber } from '../owned-number.ts';

/** The clients follow links as they are, so these bring the version along. */
export function versioned(path: string, apiVersion: string): string {
  return `${path}?${new URLSearchParams({ 'api-version': apiVersion }).toString()}`;
}

/** Links are relative: the JavaScript client puts the endpoint before all that do not begin with it (wire/rest-services.md section 7). */
export function numberPath(number: string): string {
  return `/phoneNumbers/${encodeURIComponent(number)}`;
}

export function wireCost(monthlyUsd: number) {
  return { amount: monthlyUsd, currencyCode: 'USD', billingFrequency: 'monthly' };
}

export function wireOwned(owned: OwnedNumber): PurchasedPhoneNumber {
  return {
    id: owned.phoneNumber.replace('+', ''),
    phoneNumber: owned.phoneNumber,
    countryCode: owned.countryCode,
    // Short codes are shown by the admin API alone.
    phoneNumberType: owned.type as PurchasedPhoneNumber['phoneNumberType'],
    capabilities: { calling: owned.calling, sms: owned.sms },
    assignmentType: owned.assignment,
    purchaseDate: new Date(owned.purchasedAtMs).toISOString(),
    cost: wireCost(owned.monthlyUsd),
  };
}

export function wireAvailable(one: AvailableNumber, status: string): AvailablePhoneNumber {
  return {
    id: one.number.slice(1),
    countryCode: one.country,
    phoneNumber: one.number,
    capabilities: { calling: one.calling, sms: one.sms },
    phoneNumberType: one.type,
    assignmentType: one.assignment,
    cost: wireCost(one.monthlyCents / 100),
    status,
    isAgreementToNotResellRequired: findCountry(one.country)?.isResaleForbidden === true,
  };
}
