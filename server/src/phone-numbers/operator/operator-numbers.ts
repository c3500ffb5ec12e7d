import type { GivenNumber } from '@switchboard/contract';
import type { ResourceRef } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Reader, Transaction } from '../../storage/index.ts';
import { mustFindCountry } from '../countries/countries.ts';
import { placeOf } from '../countries/place-of.ts';
import { shortCodesOf } from '../countries/short-codes.ts';
import { phoneNumberErrors } from '../errors.ts';
import { freeNumbers } from '../inventory.ts';
import type { Operations } from '../operations/operations.ts';
import { ownedNumberOf, type OwnedNumber } from '../owned-number.ts';
import type { OwnedNumbers } from '../owned-numbers.ts';
import type { NumberRow } from '../store/migrations.ts';
import { numberStore } from '../store/number-store.ts';
import { type PlannedNumber, plannedNumberOf } from './planned-number.ts';

export interface OperatorNumbersOptions {
  readonly clock: Clock;
  readonly operations: Operations;
  readonly owned: OwnedNumbers;
}

/** Numbers that an operator gives to resources: really owned ones, short codes, and those that a test begins with. */
export class OperatorNumbers {
  readonly #options: OperatorNumbersOptions;

  constructor(options: OperatorNumbersOptions) {
    this.#options = options;
  }

  /** Gives numbers, all or none. @throws ApiError 400, 409 naming the element */
  load(resource: ResourceRef, given: readonly GivenNumber[]): Promise<OwnedNumber[]> {
    const planned = given.map((one, i) => plannedNumberOf(one, `phoneNumbers[${i}]`));
    return this.changing(resource.id, (tx) => this.give(tx, resource.id, planned));
  }

  /** A unit of work in which numbers are given. */
  changing<T>(resourceId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#options.operations.write(resourceId, work);
  }

  /** Gives numbers within a unit of work of {@link changing}. @throws ApiError 409 naming the element */
  async give(tx: Transaction, resourceId: string, planned: readonly PlannedNumber[]): Promise<OwnedNumber[]> {
    const nowMs = this.#options.clock.now();
    const given: OwnedNumber[] = [];
    for (const [i, plan] of planned.entries()) {
      const target = `phoneNumbers[${i}]`;
      const number = plan.number ?? (await this.#pick(tx, plan, target));
      const row = rowOf(number, { plan, resourceId, nowMs });
      const known = await numberStore.find(tx, number);
      const isOwn = known?.resource_id === resourceId && known.purchased_at !== null;
      if (isOwn) await numberStore.describe(tx, row);
      else if (!(await numberStore.take(tx, row, nowMs))) throw phoneNumberErrors.taken(`${target}.phoneNumber`, number);
      const owned = ownedNumberOf(isOwn ? { ...row, purchased_at: known.purchased_at } : row);
      if (owned !== undefined) given.push(owned);
    }
    return given;
  }

  /** In the order of the numbers, short codes too. */
  page(resourceId: string, page: { readonly after: string; readonly limit: number }): Promise<OwnedNumber[]> {
    return this.#options.owned.page(resourceId, { ...page, skip: 0, hidden: '' });
  }

  /** Whether anybody has or holds a number. */
  areThereAny(read: Reader): Promise<boolean> {
    return numberStore.areThereAny(read);
  }

  /** @throws ApiError 404 */
  async remove(resourceId: string, number: string): Promise<void> {
    await this.changing(resourceId, async (tx) => {
      const row = await numberStore.find(tx, number);
      if (row?.resource_id !== resourceId || row.purchased_at === null) throw phoneNumberErrors.notOwned(number);
      await numberStore.remove(tx, number);
    });
  }

  async #pick(tx: Transaction, { type, country, areaCode }: PlannedNumber, target: string): Promise<string> {
    const nowMs = this.#options.clock.now();
    const free = type === 'shortCode' ? await freeShortCode(tx, country, nowMs) : await freeNumber(tx, { type, country, areaCode, nowMs });
    if (free === undefined) throw phoneNumberErrors.nothingToPick(target, `${type} of ${country}`);
    return free;
  }
}

async function freeNumber(
  tx: Transaction,
  wanted: {
    readonly type: Exclude<OwnedNumber['type'], 'shortCode'>;
    readonly country: string;
    readonly areaCode: string | undefined;
    readonly nowMs: number;
  },
): Promise<string | undefined> {
  const { type, country, areaCode, nowMs } = wanted;
  const [first] = await freeNumbers(tx, { country: mustFindCountry(country), type, areaCode }, { count: 1, nowMs });
  return first?.number;
}

async function freeShortCode(tx: Transaction, country: string, nowMs: number): Promise<string | undefined> {
  const taken = await numberStore.takenIn(tx, { country, type: 'shortCode', areaCode: '', nowMs });
  return shortCodesOf(country).find((code) => !taken.has(code));
}

function rowOf(
  number: string,
  { plan, resourceId, nowMs }: { readonly plan: PlannedNumber; readonly resourceId: string; readonly nowMs: number },
): NumberRow {
  return {
    number,
    resource_id: resourceId,
    country: plan.country,
    type: plan.type,
    assignment: plan.assignment,
    // Searches look for what is taken by the area code of the inventory.
    area_code: placeOf(number)?.area.areaCode ?? '',
    calling: plan.capabilities.calling,
    sms: plan.capabilities.sms,
    monthly_cents: plan.monthlyCents,
    carrier: plan.carrier ?? null,
    holder: null,
    held_until: null,
    purchased_at: nowMs,
    operation_id: null,
  };
}
