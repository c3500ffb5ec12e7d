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
import { publishReport } from './events/sms-events.ts';
import { MessageNumbers } from './message-number.ts';
import type { NumberDirectory } from './numbers.ts';
import type { InDoubt } from './queue/lane.ts';
import { ReportService } from './reports/report-service.ts';
import { registerSmsRoutes } from './routes/sms-routes.ts';
import { type Sender, Senders } from './send/senders.ts';
import { SendService } from './send/send-service.ts';
import { MessageStore } from './store/message-store.ts';
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
}

/** Text messages: accepted, handed to carriers, and followed to their end. */
export class Sms {
  readonly #options: SmsOptions;
  readonly #store: MessageStore;
  readonly #messageNumbers = new MessageNumbers();
  readonly #traffic: Traffic;
  readonly #sending: SendService;
  readonly #reports: ReportService;

  constructor(options: SmsOptions) {
    this.#options = options;
    const { storage, events } = options;
    const store = new MessageStore(storage.keys);
    const windows = new SlidingWindows(options.clock);
    const shared = { ...options, store };
    const traffic = new Traffic({ ...shared, report: (tx, message) => publishReport(events, tx, message), announce: () => undefined });
    traffic.add(SIMULATED, () => new SimulatedCarrier({ receipt: (tx, receipt) => traffic.receiptIn(tx, SIMULATED, receipt) }));
    this.#store = store;
    this.#traffic = traffic;
    this.#sending = new SendService({
      ...shared,
      messageNumbers: this.#messageNumbers,
      senders: new Senders({ numbers: options.numbers, windows }),
      waitingFor: (carrier) => traffic.waitingFor(carrier),
      carrierOf: (sender) => this.#carrierOf(sender),
      announce: (fact) => traffic.hear(fact),
    });
    this.#reports = new ReportService(shared);
    storage.state.onReplaced(() => {
      traffic.forget();
      windows.clear();
    });
  }

  register(http: HttpServer): void {
    registerSmsRoutes(http, { sending: this.#sending, reports: this.#reports });
  }

  /** Goes on with what is stored. */
  async start(): Promise<void> {
    this.#messageNumbers.goOnAfter(await this.#store.lastNo(this.#options.storage.read));
    await this.#traffic.start();
  }

  /** Resolves when nothing is under way by the clock's present time. */
  idle(): Promise<void> {
    return this.#traffic.idle();
  }

  close(): Promise<void> {
    return this.#traffic.close();
  }

  #carrierOf({ address, carrier = SIMULATED }: Sender): string {
    if (!this.#traffic.hasCarrier(carrier)) throw smsErrors.noCarrier(address, carrier);
    return carrier;
  }
}
