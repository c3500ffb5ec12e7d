import type { Alarm, Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Timers } from '../../lib/timers.ts';

export interface DueSweepOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** What is swept, for the log. */
  readonly what: string;
  /** When the first of what is stored is due. */
  readonly firstDueMs: () => Promise<number | undefined>;
  /** Sees to some of what is due by then, the first first. @returns whether there may be more */
  readonly sweepSome: (nowMs: number) => Promise<boolean>;
}

/** After the database was away. */
const PAUSE_MS = 5_000;

/** Sees to rows when they are due, by the clock of the product: one alarm for all of them, for the first. */
export class DueSweep {
  readonly #options: DueSweepOptions;
  #alarm: { readonly atMs: number; readonly alarm: Alarm } | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: DueSweepOptions) {
    this.#options = options;
  }

  /** Begins with what fell due while no server ran. */
  async start(): Promise<void> {
    const firstMs = await this.#options.firstDueMs();
    if (firstMs !== undefined) this.expect(firstMs);
  }

  /** Something that is stored is due then. */
  expect(atMs: number): void {
    if (this.#isClosed || (this.#alarm !== undefined && this.#alarm.atMs <= atMs)) return;
    this.#alarm?.alarm.cancel();
    this.#alarm = { atMs, alarm: this.#options.clock.alarm(atMs, () => this.#onAlarm()) };
  }

  /** Everything stored was replaced. */
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
    const { log, timers, clock, sweepSome, what } = this.#options;
    try {
      while (!this.#isClosed && (await sweepSome(clock.now())));
      await this.start();
    } catch (error) {
      if (this.#isClosed) return;
      log.warn({ err: error }, `${what} could not be seen to; that is tried again`);
      timers.after(PAUSE_MS, () => void this.#onAlarm());
    }
  }
}
