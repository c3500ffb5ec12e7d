import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { MaybePromise, Storage, Transaction } from '../storage/index.ts';
import type { CarrierListener, CarrierMaker, CarrierReceipt, ReceiptFate } from './carriers/carrier.ts';
import type { StoredMessage } from './message.ts';
import type { InDoubt } from './queue/lane.ts';
import { Lanes } from './queue/lanes.ts';
import { Notes } from './queue/notes.ts';
import { Endings } from './reports/endings.ts';
import { Receipts } from './reports/receipts.ts';
import { TimeOuts } from './reports/time-outs.ts';
import type { SmsFact, SmsFactListener } from './sms-facts.ts';
import type { MessageStore } from './store/message-store.ts';
import { STORE_LANE } from './store/store-lane.ts';

export interface TrafficOptions {
  readonly storage: Storage;
  readonly store: MessageStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly inDoubt: InDoubt;
  /** Tells what became of a message whose sender wants to know, in the transaction that makes it so. */
  readonly report: (tx: Transaction, message: StoredMessage) => MaybePromise<void>;
  /** Hears of every fact after everything here has. */
  readonly announce: SmsFactListener;
}

/** Messages from the moment they are stored to their end: lanes to the carriers, what those tell, and what they fail to tell in time. */
export class Traffic {
  readonly endings: Endings;
  readonly #options: TrafficOptions;
  readonly #notes: Notes;
  readonly #lanes: Lanes;
  readonly #receipts: Receipts;
  readonly #timeOuts: TimeOuts;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#notes = new Notes({ ...options, write: (work) => this.#write(work), onPaused: () => this.#lanes.pump() });
    const announce = (fact: SmsFact): void => this.hear(fact);
    this.endings = new Endings({ ...options, announce });
    const shared = { ...options, announce, notes: this.#notes, endings: this.endings };
    this.#receipts = new Receipts({ ...shared, isSubmitting: (carrier) => this.#lanes.isSubmitting(carrier) });
    this.#timeOuts = new TimeOuts(shared);
    this.#lanes = new Lanes({ ...shared, onAccepted: (carrier, ids) => this.#receipts.known(carrier, ids) });
  }

  /** Opens a lane to a carrier. @param name under which messages and numbers name it */
  add(name: string, make: CarrierMaker): void {
    const listener: CarrierListener = {
      receipt: (receipt) => this.#receipts.receive(name, receipt),
      ready: () => this.#lanes.ready(name),
    };
    this.#lanes.add(name, make(listener));
  }

  /** A receipt, in a transaction of the carrier's own. */
  receiptIn(tx: Transaction, carrier: string, receipt: CarrierReceipt): Promise<ReceiptFate> {
    return this.#receipts.take(tx, carrier, receipt);
  }

  hasCarrier(name: string): boolean {
    return this.#lanes.has(name);
  }

  /** How many messages wait for a carrier. */
  waitingFor(carrier: string): number {
    return this.#lanes.sizeOf(carrier);
  }

  /** Takes note of what is durable. */
  hear(fact: SmsFact): void {
    const { kind, message } = fact;
    if (kind === 'left') this.#lanes.left(message);
    if (kind === 'sent' && message.progress.dueAtMs !== undefined) this.#timeOuts.expect(message.progress.dueAtMs);
    if (kind === 'sent' && message.progress.state === 'queued') this.#lanes.offer(message);
    this.#options.announce(fact);
  }

  /** Goes on with what is stored: what waits for carriers, and what waits for their receipts. */
  async start(): Promise<void> {
    await this.#timeOuts.start();
    await this.#lanes.start();
  }

  /** Resolves when nothing is under way by the clock's present time, or nothing can be for now. */
  async idle(): Promise<void> {
    do {
      await this.#lanes.idle();
      await this.#notes.idle();
      // What follows a commit does so a turn later.
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#lanes.isBusy);
  }

  /** Everything stored was replaced. */
  forget(): void {
    this.#notes.forget();
    this.#lanes.forget();
    this.#receipts.forget();
    this.#timeOuts.forget();
  }

  async close(): Promise<void> {
    await this.#lanes.close();
    await this.#notes.idle();
    await this.#timeOuts.close();
  }

  /** Notes are about the state that they were made in, and no other. */
  #write(work: (tx: Transaction) => Promise<void>): Promise<void> {
    const { storage } = this.#options;
    const { generation } = storage.state;
    return storage.write((tx) => (generation === storage.state.generation ? work(tx) : undefined), STORE_LANE);
  }
}
