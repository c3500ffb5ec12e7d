import type { Capabilities, Capability } from '@switchboard/contract';
import type { ResourceRef } from '../http/index.ts';
import type { Ids } from '../lib/ids.ts';
import type { Transaction } from '../storage/index.ts';
import { findCountry } from './countries/countries.ts';
import { phoneNumberErrors } from './errors.ts';
import { type OperationSteps, type Operations, type OperationType, idOf } from './operations/operations.ts';
import { isWithin } from './owned-number.ts';
import type { NumberRow, OperationRow } from './store/migrations.ts';
import { numberStore } from './store/number-store.ts';

export interface NumberChangesOptions {
  readonly ids: Ids;
  readonly operations: Operations;
}

export interface CapabilitiesWish {
  readonly calling?: Capability | null | undefined;
  readonly sms?: Capability | null | undefined;
}

/** Changes of numbers that a resource owns, one operation at a time for each number. */
export class NumberChanges {
  readonly #options: NumberChangesOptions;

  constructor(options: NumberChangesOptions) {
    this.#options = options;
    options.operations.handle('releasePhoneNumber', RELEASE);
    options.operations.handle('updatePhoneNumberCapabilities', UPDATE);
  }

  /** @throws ApiError 404, 409 */
  release(resource: ResourceRef, number: string): Promise<OperationRow> {
    return this.#begin(resource, number, () => ({ type: 'releasePhoneNumber' }));
  }

  /** @throws ApiError 404, 409, 400 for what the number’s offering does not have */
  updateCapabilities(resource: ResourceRef, number: string, wish: CapabilitiesWish): Promise<OperationRow> {
    return this.#begin(resource, number, (row) => ({ type: 'updatePhoneNumberCapabilities', detail: capabilitiesOf(row, wish) }));
  }

  #begin(
    resource: ResourceRef,
    number: string,
    plan: (row: NumberRow) => { readonly type: OperationType; readonly detail?: Capabilities },
  ): Promise<OperationRow> {
    const { ids, operations } = this.#options;
    const id = ids.uuid('phoneNumberOperation');
    return operations.write(resource.id, async (tx) => {
      const row = await numberStore.find(tx, number);
      if (row?.resource_id !== resource.id || row.purchased_at === null) throw phoneNumberErrors.notOwned(number);
      if (row.operation_id !== null) throw phoneNumberErrors.beingChanged(number, row.operation_id);
      const { type, detail } = plan(row);
      await numberStore.setOperation(tx, number, idOf(type, id));
      return operations.begin(tx, { type, id, resourceId: resource.id, subject: number, detail });
    });
  }
}

const RELEASE: OperationSteps = {
  async run(tx, { subject }) {
    await numberStore.remove(tx, subject);
    return 'succeeded';
  },
  cancel: endChange,
};

const UPDATE: OperationSteps = {
  async run(tx, { subject, detail }) {
    // Written by `#begin`.
    await numberStore.setCapabilities(tx, subject, JSON.parse(detail) as Capabilities);
    return 'succeeded';
  },
  cancel: endChange,
};

function endChange(tx: Transaction, { subject }: OperationRow): Promise<void> {
  return numberStore.setOperation(tx, subject, undefined);
}

/** What a number is to be able to do. */
function capabilitiesOf(row: NumberRow, wish: CapabilitiesWish): Capabilities {
  // Only ever written from this type.
  const calling = wish.calling ?? (row.calling as Capability);
  const sms = wish.sms ?? (row.sms as Capability);
  const most = findCountry(row.country)?.offerings.find(({ type }) => type === row.type);
  for (const [target, wanted, offered] of [['calling', calling, most?.calling] as const, ['sms', sms, most?.sms] as const]) {
    if (offered !== undefined && !isWithin(wanted, offered))
      throw phoneNumberErrors.unsupportedCapabilities(
        target,
        `${target} of ${row.type} numbers of ${row.country} can be ${offered} at most.`,
      );
  }
  if (calling === 'none' && sms === 'none')
    throw phoneNumberErrors.unsupportedCapabilities('calling', 'A number without any is of no use: release it.');
  return { calling, sms };
}
