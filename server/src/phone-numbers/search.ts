import type { AssignmentType, Capabilities, Capability, NumberType } from '@switchboard/contract';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { Limits } from '../limits/index.ts';
import type { ResourceRef } from '../http/index.ts';
import type { Storage, Transaction } from '../storage/index.ts';
import type { Country } from './countries/country.ts';
import { mustFindCountry } from './countries/countries.ts';
import { phoneNumberErrors } from './errors.ts';
import { holdFree, type Terms } from './inventory.ts';
import { offeringFor } from './offerings.ts';
import { LANE, type OperationSteps, type Operations, type Outcome } from './operations/operations.ts';
import type { OperationRow, SearchRow } from './store/migrations.ts';
import { numberStore } from './store/number-store.ts';
import { searchStore } from './store/search-store.ts';

export interface SearchWish {
  readonly countryCode: string;
  readonly phoneNumberType: NumberType;
  readonly assignmentType: AssignmentType;
  readonly capabilities: Capabilities;
  readonly areaCode?: string | null | undefined;
  readonly quantity?: number | null | undefined;
}

/** A search with what it has found. */
export interface Search extends SearchRow {
  readonly found: readonly string[];
}

export interface SearchesOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly operations: Operations;
}

/** How long what was found is held (recorded from the service: 16 minutes, where its definition says less than 15). */
const HOLD_MS = 16 * 60_000;
const END_HOLD = 'phone-numbers/end-hold';

/** Searches for phone numbers: each holds what it has found for a time. */
export class Searches implements OperationSteps {
  readonly #options: SearchesOptions;

  constructor(options: SearchesOptions) {
    this.#options = options;
    options.operations.handle('search', this);
    options.storage.due.handle(END_HOLD, async ({ payload }) => {
      // Written by `begin`.
      const { id, resourceId } = payload as { readonly id: string; readonly resourceId: string };
      await this.#rows(resourceId).write((tx) => numberStore.freeOverdue(tx, id, options.clock.now()), LANE);
    });
  }

  /** @throws ApiError 400 for what no country offers */
  async begin(resource: ResourceRef, wish: SearchWish): Promise<{ readonly id: string; readonly operation: OperationRow }> {
    const { ids, clock, operations } = this.#options;
    const country = mustFindCountry(wish.countryCode);
    const { phoneNumberType: type, assignmentType, capabilities } = wish;
    const offering = offeringFor(country, { type, assignment: assignmentType, capabilities });
    if (capabilities.calling === 'none' && capabilities.sms === 'none') throw phoneNumberErrors.noPlan('Ask for calling, sms, or both.');
    const nowMs = clock.now();
    const row: SearchRow = {
      id: ids.uuid('phoneNumberSearch'),
      resource_id: resource.id,
      country: country.code,
      type,
      assignment: assignmentType,
      calling: capabilities.calling,
      sms: capabilities.sms,
      area_code: checkedAreaCode(wish.areaCode ?? undefined) ?? null,
      quantity: checkedQuantity(wish.quantity ?? 1, resource.limits),
      monthly_cents: Math.round(offering.monthlyUsd * 100),
      created_at: nowMs,
      expires_at: nowMs + HOLD_MS,
      numbers: null,
    };
    const { id } = row;
    return operations.write(resource.id, async (tx) => {
      await searchStore.insert(tx, row);
      const payload = { id, resourceId: resource.id };
      await this.#rows(resource.id).due.schedule(tx, { kind: END_HOLD, id: `${END_HOLD}/${id}`, dueAtMs: row.expires_at, payload });
      return { id, operation: await operations.begin(tx, { type: 'search', id, resourceId: resource.id, subject: id }) };
    });
  }

  /** @throws ApiError 404 */
  async get(resourceId: string, id: string): Promise<Search> {
    const row = await searchStore.find(this.#rows(resourceId).read, id);
    if (row?.resource_id !== resourceId) throw phoneNumberErrors.unknownSearch(id);
    return { ...row, found: foundBy(row) };
  }

  async run(tx: Transaction, { subject }: OperationRow): Promise<Outcome> {
    const row = await searchStore.find(tx, subject);
    if (row === undefined) return OUT_OF_STOCK;
    const hold = { resourceId: row.resource_id, holder: row.id, untilMs: row.expires_at };
    const nowMs = this.#options.clock.now();
    const found = await holdFree(tx, wantedBy(row), { terms: termsOf(row), hold, count: row.quantity, nowMs });
    await searchStore.setFound(tx, row.id, found);
    return found.length === 0 ? OUT_OF_STOCK : 'succeeded';
  }

  async cancel(tx: Transaction, { subject }: OperationRow): Promise<void> {
    const row = await searchStore.find(tx, subject);
    // What is being purchased, or has been, is not held for the search any more.
    if (row === undefined) return;
    const held = await numberStore.heldBy(tx, row.id);
    if (held.every(({ held_until }) => held_until !== null)) await numberStore.freeHeld(tx, row.id);
  }

  #rows(resourceId: string) {
    return this.#options.storage.forResource(resourceId);
  }
}

const OUT_OF_STOCK: Outcome = {
  code: 'OutOfStock',
  message: 'There are no free numbers of this kind; release some, wait until held ones are free again, or search in another area.',
};

export function foundBy({ numbers }: SearchRow): readonly string[] {
  // Written by `setFound`.
  return numbers === null ? [] : (JSON.parse(numbers) as string[]);
}

function wantedBy(row: SearchRow): { readonly country: Country; readonly type: NumberType; readonly areaCode: string | undefined } {
  // Checked when the search began.
  return { country: mustFindCountry(row.country), type: row.type as NumberType, areaCode: row.area_code ?? undefined };
}

function termsOf(row: SearchRow): Terms {
  return {
    // Only ever written from these types.
    assignment: row.assignment as AssignmentType,
    calling: row.calling as Capability,
    sms: row.sms as Capability,
    monthlyCents: row.monthly_cents,
  };
}

function checkedAreaCode(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,6}$/.test(text)) throw phoneNumberErrors.badAreaCode(text);
  return text;
}

function checkedQuantity(quantity: number, limits: Limits): number {
  limits.atMost('phone-numbers.search-quantity', quantity, 'quantity');
  return quantity;
}
