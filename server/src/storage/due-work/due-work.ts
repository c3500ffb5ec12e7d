import type { Alarm } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Transaction } from '../engine.ts';
import { Drain, type DrainOptions, type DueHandler, LEASE_MS } from './drain.ts';
import { dropLeases, firstDue, free, insert, remove } from './due-work-store.ts';

export interface DueWorkOptions extends Pick<DrainOptions, 'engine' | 'clock' | 'log' | 'realNow'> {
  readonly ids: Ids;
}

/** How long after the store was away it is asked again. */
const STORE_RETRY_MS = 5_000;

/**
 * Durable work for later: scheduled in the transaction that made it necessary, run at least once when the clock reaches
 * its time, by whichever process leases it first. Handlers must therefore be safe to repeat, and to run beside each other.
 */
export class DueWork {
  readonly #options: DueWorkOptions;
  readonly #handlers = new Map<string, DueHandler>();
  #state: 'not started' | 'going' | 'suspended' | 'closed' = 'not started';
  #isAlone = false;
  #alarm: { readonly atMs: number; readonly alarm: Alarm } | undefined;
  #drain: Drain | undefined;
  /** Until nothing is due and nothing runs. */
  #running: Promise<void> | undefined;
  /** Something may have fallen due since the drain looked last. */
  #isAsked = false;

  constructor(options: DueWorkOptions) {
    this.#options = options;
  }

  /** Registers what runs work of one kind. Kinds are stored: never rename one. */
  handle(kind: string, handler: DueHandler): void {
    this.#handlers.set(kind, handler);
  }

  /** Schedules work inside `tx`. Giving the `id` of work that is still waiting moves that work instead. */
  async schedule(
    tx: Transaction,
    work: { readonly kind: string; readonly dueAtMs: number; readonly payload: unknown; readonly id?: string },
  ): Promise<void> {
    const id = work.id ?? this.#options.ids.uuid('work');
    await tx.run(insert, {
      id,
      kind: work.kind,
      due_at: work.dueAtMs,
      payload: JSON.stringify(work.payload),
      leased_until: 0,
      attempts: 0,
    });
    tx.afterCommit(() => {
      if (work.dueAtMs > this.#options.clock.now()) this.#arm(work.dueAtMs);
      else if (this.#running === undefined) void this.#onAlarm();
      else this.#lookAgain();
    });
  }

  /** Forgets work that has not run yet; unknown ids are ignored. */
  async cancel(tx: Transaction, id: string): Promise<void> {
    await tx.run(remove, { id });
  }

  /**
   * Begins to run what is due: what fell due while no process ran, and then as the clock goes on. Nothing waits for it.
   *
   * @param isAlone no other process works on the database: leases that are found belong to one that died
   */
  start({ isAlone }: { readonly isAlone: boolean }): void {
    this.#isAlone = isAlone;
    this.#state = 'going';
    void this.#onAlarm();
  }

  /** Runs everything due by the clock's present time; resolves when it has run. */
  runDue(): Promise<void> {
    if (!this.#goesOn()) return this.#running ?? Promise.resolve();
    this.#lookAgain();
    // Runs on beyond this line, so it never ends before it is remembered.
    return (this.#running ??= this.#run());
  }

  /** Looks a little later for work that was scheduled without a word. */
  lookLater(): void {
    this.#arm(this.#options.clock.now() + STORE_RETRY_MS);
  }

  /** Begins nothing more; resolves when nothing runs. Until {@link resume}. */
  async suspend(): Promise<void> {
    if (this.#state === 'going') this.#state = 'suspended';
    await this.#stop();
  }

  /** Goes on with whatever is stored now: other work than before, perhaps, and none that a process of this database runs. */
  async resume(): Promise<void> {
    try {
      await this.#options.engine.write((tx) => tx.run(dropLeases, { leased_until: 0 }));
    } finally {
      if (this.#state === 'suspended') this.#state = 'going';
      void this.#onAlarm();
    }
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    await this.#stop();
  }

  async #stop(): Promise<void> {
    this.#alarm?.alarm.cancel();
    this.#alarm = undefined;
    await this.#running?.catch(() => undefined);
  }

  #goesOn(): boolean {
    return this.#state === 'going';
  }

  #lookAgain(): void {
    this.#isAsked = true;
    this.#drain?.wake();
  }

  async #run(): Promise<void> {
    try {
      while (this.#isAsked && this.#goesOn()) {
        this.#isAsked = false;
        this.#drain = new Drain({
          ...this.#options,
          handlers: this.#handlers,
          freeUntil: () => this.#freeUntil(),
          goesOn: () => this.#goesOn(),
        });
        await this.#drain.run();
        if (this.#goesOn()) await this.#rearm();
      }
    } finally {
      this.#drain = undefined;
      this.#running = undefined;
    }
  }

  /** An alarm that is set already stays: it may be for work that was scheduled since this began to look. */
  async #rearm(): Promise<void> {
    const { engine, clock } = this.#options;
    const firstMs = (await engine.get(firstDue, {}))?.due_at ?? undefined;
    if (firstMs === undefined) return;
    const now = clock.now();
    if (firstMs > now) this.#arm(firstMs);
    // The clock has moved since the drain looked.
    else if ((await engine.all(free, { now, free_until: this.#freeUntil(), limit: 1 })).length > 0) this.#isAsked = true;
    // Leased by another process. Should that die, looking again after a lease span is soon enough.
    else this.#arm(now + LEASE_MS);
  }

  #freeUntil(): number {
    return this.#isAlone ? Number.MAX_SAFE_INTEGER : this.#options.realNow();
  }

  #arm(dueAtMs: number): void {
    if (!this.#goesOn() || (this.#alarm !== undefined && this.#alarm.atMs <= dueAtMs)) return;
    this.#alarm?.alarm.cancel();
    this.#alarm = { atMs: dueAtMs, alarm: this.#options.clock.alarm(dueAtMs, () => this.#onAlarm()) };
  }

  async #onAlarm(): Promise<void> {
    if (!this.#goesOn()) return;
    this.#alarm?.alarm.cancel();
    this.#alarm = undefined;
    try {
      await this.runDue();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'due work could not be read');
      this.lookLater();
    }
  }
}
