import type { Clock } from '../../lib/clock.ts';
import type { Timers } from '../../lib/timers.ts';
import type { Transaction } from '../../storage/index.ts';
import type { CarrierReceipt, ReceiptFate } from '../carriers/carrier.ts';
import type { Progress } from '../message.ts';
import type { Notes } from '../queue/notes.ts';
import type { MessageStore } from '../store/message-store.ts';
import { segmentStore } from '../store/segment-store.ts';
import { DELIVERED } from './delivery-codes.ts';
import type { Endings } from './endings.ts';

export interface ReceiptsOptions {
  readonly store: MessageStore;
  readonly endings: Endings;
  readonly notes: Notes;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Whether a carrier is being handed messages: what it will call them is not known yet. */
  readonly isSubmitting: (carrier: string) => boolean;
}

interface Early {
  readonly receipt: CarrierReceipt;
  readonly resolve: (fate: ReceiptFate) => void;
  readonly reject: (error: Error) => void;
}

/** Receipts that wait for the answer to their submission; further ones count as unknown. */
const MOST_EARLY = 1_000;
/** How long they wait for it, real time. */
const EARLY_MS = 10_000;

/** Joins what carriers tell to the messages it is about. */
export class Receipts {
  readonly #options: ReceiptsOptions;
  /** Receipts that were faster than the answer which names their message, by carrier and id. */
  readonly #early = new Map<string, Early>();

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  /** Resolves when it is durable. */
  receive(carrier: string, receipt: CarrierReceipt): Promise<ReceiptFate> {
    const { notes } = this.#options;
    return new Promise((resolve, reject) => {
      let fate: ReceiptFate = 'unknown';
      notes.add({
        write: async (tx) => {
          fate = await this.take(tx, carrier, receipt);
        },
        then: () => {
          if (fate === 'noted' || !this.#keepEarly(carrier, { receipt, resolve, reject })) resolve(fate);
        },
        dropped: () => reject(new Error('a receipt could not be noted')),
      });
    });
  }

  /** As {@link receive}, in a transaction of the carrier's own. */
  async take(tx: Transaction, carrier: string, { carrierId, failure }: CarrierReceipt): Promise<ReceiptFate> {
    const { store, endings, clock } = this.#options;
    const no = await segmentStore.find(tx, carrier, carrierId);
    const message = no === undefined ? undefined : await store.find(tx, no);
    if (message?.progress.dueAtMs === undefined) return 'unknown';
    await segmentStore.remove(tx, carrier, carrierId);
    const { succeeded, failed, code = failure?.code, detail = failure?.text } = message.progress;
    const counts = failure === undefined ? { succeeded: succeeded + 1, failed } : { succeeded, failed: failed + 1 };
    if (counts.succeeded + counts.failed < message.segments) {
      await store.count(tx, message.no, withFirstFailure({ ...message.progress, ...counts }, code, detail));
      return 'noted';
    }
    await endings.conclude(tx, message, { code: code ?? DELIVERED, detail, atMs: clock.now(), progress: counts });
    return 'noted';
  }

  /** A message was taken under these ids: what came for them already is noted now. */
  known(carrier: string, carrierIds: readonly string[]): void {
    if (this.#early.size === 0) return;
    for (const id of carrierIds) {
      const key = keyOf(carrier, id);
      const early = this.#early.get(key);
      if (early === undefined) continue;
      this.#early.delete(key);
      this.receive(carrier, early.receipt).then(early.resolve, early.reject);
    }
  }

  /** What came before is about messages that are no more. */
  forget(): void {
    for (const { resolve } of this.#early.values()) resolve('unknown');
    this.#early.clear();
  }

  #keepEarly(carrier: string, early: Early): boolean {
    const key = keyOf(carrier, early.receipt.carrierId);
    const { isSubmitting, timers } = this.#options;
    if (!isSubmitting(carrier) || this.#early.size >= MOST_EARLY || this.#early.has(key)) return false;
    this.#early.set(key, early);
    timers.after(EARLY_MS, () => {
      if (this.#early.get(key) !== early) return;
      this.#early.delete(key);
      early.resolve('unknown');
    });
    return true;
  }
}

function keyOf(carrier: string, carrierId: string): string {
  return `${carrier} ${carrierId}`;
}

function withFirstFailure(progress: Progress, code: Progress['code'], detail: string | undefined): Progress {
  return { ...progress, ...(code === undefined ? {} : { code }), ...(detail === undefined ? {} : { detail }) };
}
