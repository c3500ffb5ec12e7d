import type { AssignmentType, Capability, NumberType } from '@switchboard/contract';
import type { Clock } from '../lib/clock.ts';
import type { Storage } from '../storage/index.ts';
import type { AvailableNumber } from './available-number.ts';
import { mustFindCountry } from './countries/countries.ts';
import { freeNumbers } from './inventory.ts';
import { offeringFor } from './offerings.ts';

export interface BrowseWish {
  readonly countryCode: string;
  readonly phoneNumberType: NumberType;
  readonly capabilities?: { readonly calling?: Capability | null; readonly sms?: Capability | null } | null | undefined;
  readonly assignmentType?: AssignmentType | null | undefined;
  readonly phoneNumberPrefixes?: readonly string[] | null | undefined;
}

/** As many as the service shows. */
const SHOWN = 25;

/** Looks at numbers that could be reserved. */
export class Browsing {
  readonly #storage: Storage;
  readonly #clock: Clock;

  constructor({ storage, clock }: { readonly storage: Storage; readonly clock: Clock }) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** @throws ApiError 400 for what no country offers */
  async browse(resourceId: string, wish: BrowseWish): Promise<AvailableNumber[]> {
    const country = mustFindCountry(wish.countryCode);
    const { calling, sms } = wish.capabilities ?? {};
    const wanted = { type: wish.phoneNumberType, assignment: wish.assignmentType ?? undefined };
    const offering = offeringFor(country, { ...wanted, capabilities: { calling: calling ?? 'none', sms: sms ?? 'none' } });
    const prefixes = (wish.phoneNumberPrefixes ?? []).map((prefix) => (prefix.startsWith('+') ? prefix : `+${prefix}`));
    const found = await freeNumbers(
      this.#storage.forResource(resourceId).read,
      { country, type: wanted.type, areaCode: undefined },
      {
        count: SHOWN,
        nowMs: this.#clock.now(),
        ...(prefixes.length === 0 ? {} : { matches: (number: string) => prefixes.some((prefix) => number.startsWith(prefix)) }),
      },
    );
    return found.map(({ number }) => ({
      number,
      country: country.code,
      type: offering.type,
      assignment: wanted.assignment ?? 'application',
      calling: offering.calling,
      sms: offering.sms,
      monthlyCents: Math.round(offering.monthlyUsd * 100),
    }));
  }
}
