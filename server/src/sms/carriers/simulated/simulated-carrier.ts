import type { MaybePromise, Transaction } from '../../../storage/index.ts';
import type { CarriedMessage, Carrier, CarrierReceipt, ReceiptFate, Submission } from '../carrier.ts';

/** Name of the carrier that carries what no other does. */
export const SIMULATED = 'simulated';

export interface SimulatedCarrierOptions {
  /** Tells of a receipt, in the transaction that makes it so. */
  readonly receipt: (tx: Transaction, receipt: CarrierReceipt) => MaybePromise<ReceiptFate>;
}

/** A network of phones that exist nowhere else. */
export class SimulatedCarrier implements Carrier {
  readonly window = 100;
  readonly #options: SimulatedCarrierOptions;

  constructor(options: SimulatedCarrierOptions) {
    this.#options = options;
  }

  submit({ no, segments }: CarriedMessage): Promise<Submission> {
    const taken = segments.map((_segment, place) => ({ carrierId: `${no}-${place + 1}` }));
    return Promise.resolve({
      kind: 'accepted',
      segments: taken,
      alongside: async (tx) => {
        for (const { carrierId } of taken) await this.#options.receipt(tx, { carrierId });
      },
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
