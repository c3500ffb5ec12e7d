import type { Alarm, Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Timers } from '../../lib/timers.ts';
import type { ResourceStorage } from '../../storage/index.ts';
import type { StoredMessage } from '../message.ts';
import type { MessageStore } from '../store/message-store.ts';
import type { Endings } from './endings.ts';

export interface TimeOutsOptions {
  readonly storage: ResourceStorage;
  readonly store: MessageStore;
  readonly endings: Endings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

const AT_ONCE = 200;
/** After the database was away. */
const PAUSE_MS = 5_000;

/** Ends messages whose carrier has told nothing in time: one alarm for all of them, for the first that is due. */
export class TimeOuts {
  readonly #options: TimeOutsOptions;
  #alarm: { readonly atMs: number; readonly alarm: Alarm } | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: TimeOutsOptions) {
    this.#options = options;
  }

  /** Begins with what fell due while no server ran. */
  async start(): Promise<void> {
    const { storage, store } = this.#options;
    const firstMs = await store.firstDueMs(storage.read);
    if (firstMs !== undefined) this.expect(firstMs);
  }

  /** A message that is stored is due then. */
  expect(atMs: number): void {
    if (this.#isClosed || (this.#alarm !== undefined && this.#alarm.atMs <= atMs)) return;
    this.#alarm?.alarm.cancel();
    this.#alarm = { atMs, alarm: this.#options.clock.alarm(atMs, () => this.#onAlarm()) };
  }

  forget(): void {
    this.#alarm?.alarm.cancel();
    this.#alarm = undefined;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.forget();
    await this.#running;
  }

  #onAlarm(): Promise<void> {
    this.#alarm = undefined;
    return (this.#running ??= this.#run().finally(() => (this.#running = undefined)));
  }

  async #run(): Promise<void> {
    const { log, timers } = this.#options;
    try {
      while (!this.#isClosed && (await this.#endSome()));
      await this.start();
    } catch (error) {
      if (this.#isClosed) return;
      log.warn({ err: error }, 'messages without a report in time could not be ended; that is tried again');
      timers.after(PAUSE_MS, () => void this.#onAlarm());
    }
  }

  /** @returns whether there may be more */
  async #endSome(): Promise<boolean> {
    const { storage, store, endings, clock } = this.#options;
    const atMs = clock.now();
    const some = await store.overdue(storage.read, { nowMs: atMs, limit: AT_ONCE });
    if (some.length === 0) return false;
    await storage.write(async (tx) => {
      for (const message of some) await endings.conclude(tx, message, { ...overdueEnding(message), atMs });
    });
    return some.length === AT_ONCE;
  }
}

/** A segment that failed says more than the silence about the others. */
function overdueEnding({ progress: { code = 5002, detail } }: StoredMessage) {
  return { code, detail } as const;
}
