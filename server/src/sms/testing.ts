import { VirtualClock } from '../lib/clock.ts';
import { ManualTimers, recordingLog } from '../lib/testing.ts';
import type { Storage } from '../storage/index.ts';
import { FickleEngine, openStorage, START_MS, type TestEngine } from '../storage/testing.ts';
import type { CarriedMessage, Carrier, CarrierListener, Submission } from './carriers/carrier.ts';
import type { StoredMessage } from './message.ts';
import { MessageNumbers, messageIdOf } from './message-number.ts';
import type { InDoubt } from './queue/lane.ts';
import type { SmsFact } from './sms-facts.ts';
import { MessageStore } from './store/message-store.ts';
import { smsMigrations } from './store/migrations.ts';
import { Traffic } from './traffic.ts';

/** What tests of messages on their way share: a carrier that does as the test says, and messages for it. */

const CARRIER = 'test';
const HOUR_MS = 3_600_000;

/** Takes everything at once, until it is told otherwise. */
class TestCarrier implements Carrier {
  window = 10;
  /** In the order in which they were handed over. */
  readonly submitted: CarriedMessage[] = [];
  /** Phones that are being handed something. */
  readonly underWay: string[] = [];
  answer: (message: CarriedMessage) => Submission | Promise<Submission> = accepted;
  listener: CarrierListener | undefined;
  isClosed = false;

  async submit(message: CarriedMessage): Promise<Submission> {
    this.submitted.push(message);
    this.underWay.push(message.to);
    const answer = await this.answer(message);
    this.underWay.splice(this.underWay.indexOf(message.to), 1);
    return answer;
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

export function accepted({ no, segments }: CarriedMessage): Submission {
  return { kind: 'accepted', segments: segments.map((_segment, place) => ({ carrierId: `${no}/${place}` })) };
}

/** The ids under which {@link accepted} takes a message. */
export function carrierIdsOf(message: StoredMessage): string[] {
  return Array.from({ length: message.segments }, (_, place) => `${message.no}/${place}`);
}

interface Wish {
  readonly to?: string;
  readonly text?: string;
  readonly segments?: number;
  readonly wantsReport?: boolean;
  readonly dueInMs?: number;
}

/** Traffic over one carrier, on a database that can be taken away. */
export class TestTraffic implements AsyncDisposable {
  readonly engine: FickleEngine;
  readonly clock = new VirtualClock(START_MS);
  readonly timers = new ManualTimers();
  readonly storage: Storage;
  readonly store: MessageStore;
  readonly facts: SmsFact[] = [];
  readonly reports: StoredMessage[] = [];
  readonly log = recordingLog();
  carrier = new TestCarrier();
  traffic: Traffic;
  readonly #numbers = new MessageNumbers();
  readonly #dispose: () => Promise<void>;

  private constructor(parts: { readonly engine: FickleEngine; readonly storage: Storage; readonly dispose: () => Promise<void> }) {
    this.engine = parts.engine;
    this.storage = parts.storage;
    this.store = new MessageStore(parts.storage.keys);
    this.#dispose = parts.dispose;
    this.traffic = this.#open('at-least-once');
  }

  static async open(engine: TestEngine): Promise<TestTraffic> {
    const database = await engine.open();
    const fickle = new FickleEngine(database.engine);
    const storage = await openStorage({ engine: fickle, migrations: smsMigrations });
    return new TestTraffic({ engine: fickle, storage, dispose: async () => database[Symbol.asyncDispose]() });
  }

  /** As after a restart: on the same database, and with a carrier that knows nothing. */
  async restart(inDoubt: InDoubt = 'at-least-once'): Promise<void> {
    this.carrier = new TestCarrier();
    this.traffic = this.#open(inDoubt);
    await this.traffic.start();
  }

  /** Stores messages in one transaction, in this order. */
  async send(...wishes: readonly Wish[]): Promise<StoredMessage[]> {
    const messages = wishes.map((wish) => this.#message(wish));
    await this.storage.write(async (tx) => {
      for (const message of messages) await this.store.insert(tx, message);
      tx.afterCommit(() => {
        for (const message of messages) this.traffic.hear({ kind: 'sent', message });
      });
    });
    await this.storage.write((tx) => tx.afterCommit(() => undefined));
    return messages;
  }

  /** What is stored of a message by now. */
  async progressOf({ no }: StoredMessage) {
    return (await this.store.find(this.storage.read, no))?.progress;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.engine.failure = undefined;
    await this.traffic.close();
    await this.storage.due.close();
    await this.#dispose();
  }

  #open(inDoubt: InDoubt): Traffic {
    const traffic = new Traffic({
      storage: this.storage,
      store: this.store,
      clock: this.clock,
      timers: this.timers,
      log: this.log.log,
      inDoubt,
      report: (_tx, message) => void this.reports.push(message),
      arrived: () => Promise.resolve(),
      announce: (fact) => this.facts.push(fact),
    });
    traffic.add(CARRIER, (listener) => {
      this.carrier.listener = listener;
      return this.carrier;
    });
    return traffic;
  }

  #message({ to = '+14255550123', text = 'Hello', segments = 1, wantsReport = false, dueInMs = HOUR_MS }: Wish): StoredMessage {
    const createdAtMs = this.clock.now();
    const no = this.#numbers.next(createdAtMs);
    return {
      no,
      resourceId: 'resource',
      messageId: messageIdOf('Outgoing', no, { atMs: createdAtMs, chance: Buffer.alloc(8) }),
      from: '+18005550100',
      to,
      text,
      carrier: CARRIER,
      segments,
      wantsReport,
      createdAtMs,
      progress: { state: 'queued', succeeded: 0, failed: 0, dueAtMs: createdAtMs + dueInMs },
    };
  }
}
