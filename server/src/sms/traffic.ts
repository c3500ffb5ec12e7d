import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { MaybePromise, Storage, Transaction } from '../storage/index.ts';
import type { ArrivedSegment, CarrierListener, CarrierMaker, CarrierReceipt, ReceiptFate } from './carriers/carrier.ts';
import type { StoredMessage } from './message.ts';
import type { InDoubt } from './queue/lane.ts';
import { Lanes } from './queue/lanes.ts';
import type { DueSweep } from './queue/due-sweep.ts';
import { Notes } from './queue/notes.ts';
import { Endings } from './reports/endings.ts';
import { Receipts } from './reports/receipts.ts';
import { openTimeOuts } from './reports/time-outs.ts';
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
  /** Takes what phones send. */
  readonly arrived: (carrier: string, segment: ArrivedSegment) => Promise<void>;
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
  readonly #timeOuts: DueSweep;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#notes = new Notes({ ...options, write: (work) => this.#write(work), onPaused: () => this.#lanes.pump() });
    const announce = (fact: SmsFact): void => this.hear(fact);
    this.endings = new Endings({ ...options, announce });
    const shared = { ...options, announce, notes: this.#notes, endings: this.endings };
    this.#receipts = new Receipts({ ...shared, isSubmitting: (carrier) => this.#lanes.isSubmitting(carrier) });
    this.#timeOuts = openTimeOuts(shared);
    this.#lanes = new Lanes({ ...shared, onAccepted: (carrier, ids) => this.#receipts.known(carrier, ids) });
  }

  /** Opens a lane to a carrier. @param name under which messages and numbers name it */
  add(name: string, make: CarrierMaker): void {
    const listener: CarrierListener = {
      receipt: (receipt) => this.#receipts.receive(name, receipt),
      arrived: (segment) => this.#options.arrived(name, segment),
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
    if (fact.kind === 'left') this.#lanes.left(fact.message);
    if (fact.kind === 'sent') this.#sent(fact.message);
    this.#options.announce(fact);
  }

  /** Writes something that has happened, together with what else has; resolves when it is durable. */
  note(write: (tx: Transaction) => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#notes.add({ write, then: resolve, dropped: () => reject(new Error('it could not be stored')) });
    });
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

  #sent(message: StoredMessage): void {
    const { dueAtMs, state } = message.progress;
    if (dueAtMs !== undefined) this.#timeOuts.expect(dueAtMs);
    if (state === 'queued') this.#lanes.offer(message);
  }

  /** Notes are about the state that they were made in, and no other. */
  #write(work: (tx: Transaction) => Promise<void>): Promise<void> {
    const { storage } = this.#options;
    const { generation } = storage.state;
    return storage.write((tx) => (generation === storage.state.generation ? work(tx) : undefined), STORE_LANE);
  }
}
