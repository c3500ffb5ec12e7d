import type { Events } from '../events/index.ts';
import type { HttpServer } from '../http/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import { SlidingWindows } from '../limits/index.ts';
import type { Storage } from '../storage/index.ts';
import { SIMULATED, SimulatedCarrier } from './carriers/simulated/simulated-carrier.ts';
import { smsErrors } from './errors.ts';
import { publishReceived, publishReport } from './events/sms-events.ts';
import { Inbound } from './inbound/inbound.ts';
import { MessageNumbers } from './message-number.ts';
import type { NumberDirectory } from './numbers.ts';
import { OptOutService } from './opt-outs/opt-out-service.ts';
import { OptOuts } from './opt-outs/opt-outs.ts';
import { Inbox } from './oversight/inbox.ts';
import { Phones } from './oversight/phones.ts';
import type { InDoubt } from './queue/lane.ts';
import { ReportService } from './reports/report-service.ts';
import { registerSmsRoutes, type SmsRoutes } from './routes/sms-routes.ts';
import { Acceptance } from './send/acceptance.ts';
import { type Sender, Senders } from './send/senders.ts';
import { SendService } from './send/send-service.ts';
import { MessageStore } from './store/message-store.ts';
import { ReceivedStore } from './store/received-store.ts';
import { Traffic } from './traffic.ts';

export interface SmsOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly log: Log;
  readonly events: Events;
  readonly numbers: NumberDirectory;
  readonly inDoubt: InDoubt;
  /** How long segments of a message from a phone wait for the others. */
  readonly reassemblyMs: number;
}

/** Text messages: accepted, handed to carriers, and followed to their end; and those from phones. */
export class Sms {
  /** What was sent and received, for an administrator. */
  readonly inbox: Inbox;
  /** Simulated phones, as their users. */
  readonly phones: Phones;
  readonly #options: SmsOptions;
  readonly #store: MessageStore;
  readonly #received: ReceivedStore;
  readonly #messageNumbers = new MessageNumbers();
  readonly #optOuts: OptOuts;
  readonly #traffic: Traffic;
  readonly #inbound: Inbound;
  readonly #services: SmsRoutes;

  constructor(options: SmsOptions) {
    this.#options = options;
    const { storage, events } = options;
    this.#store = new MessageStore(storage.keys);
    this.#received = new ReceivedStore(storage.keys);
    this.#optOuts = new OptOuts(options);
    const shared = { ...options, store: this.#store, messageNumbers: this.#messageNumbers, optOuts: this.#optOuts };
    this.inbox = new Inbox({ ...shared, received: this.#received });
    const traffic = new Traffic({
      ...shared,
      report: (tx, message) => publishReport(events, tx, message),
      arrived: (carrier, segment) => this.#inbound.arrived(carrier, segment),
      announce: (fact) => this.inbox.hear(fact),
    });
    traffic.add(SIMULATED, () => new SimulatedCarrier({ receipt: (tx, receipt) => traffic.receiptIn(tx, SIMULATED, receipt) }));
    this.#traffic = traffic;
    this.#inbound = new Inbound({
      ...shared,
      store: this.#received,
      note: (write) => traffic.note(write),
      tell: (tx, message) => publishReceived(events, tx, message),
      announce: (fact) => traffic.hear(fact),
    });
    this.phones = new Phones({ storage, inbound: this.#inbound, carrier: SIMULATED });
    const windows = new SlidingWindows(options.clock);
    this.#services = this.#openServices(shared, windows);
    storage.state.onReplaced(() => {
      traffic.forget();
      this.#inbound.forget();
      this.inbox.forgetAll();
      windows.clear();
    });
  }

  register(http: HttpServer): void {
    registerSmsRoutes(http, this.#services);
  }

  /** Goes on with what is stored. */
  async start(): Promise<void> {
    const { read } = this.#options.storage;
    this.#messageNumbers.goOnAfter(Math.max(await this.#store.lastNo(read), await this.#received.lastNo(read)));
    await this.#optOuts.start(this.#options.storage);
    await this.#inbound.start();
    await this.#traffic.start();
  }

  /** Resolves when nothing is under way by the clock's present time. */
  idle(): Promise<void> {
    return this.#traffic.idle();
  }

  async close(): Promise<void> {
    await this.#traffic.close();
    await this.#inbound.close();
  }

  #openServices(
    shared: SmsOptions & Pick<ConstructorParameters<typeof Acceptance>[0], 'store' | 'messageNumbers' | 'optOuts'>,
    windows: SlidingWindows,
  ): SmsRoutes {
    const traffic = this.#traffic;
    const senders = new Senders({ numbers: shared.numbers, windows });
    return {
      sending: new SendService({
        ...shared,
        senders,
        acceptance: new Acceptance({ ...shared, endings: traffic.endings, announce: (fact) => traffic.hear(fact) }),
        waitingFor: (carrier) => traffic.waitingFor(carrier),
        carrierOf: (sender) => this.#carrierOf(sender),
      }),
      reports: new ReportService(shared),
      optOuts: new OptOutService({ ...shared, senders }),
    };
  }

  #carrierOf({ address, carrier = SIMULATED }: Sender): string {
    if (!this.#traffic.hasCarrier(carrier)) throw smsErrors.noCarrier(address, carrier);
    return carrier;
  }
}
