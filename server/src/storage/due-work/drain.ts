import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { SqlEngine } from '../engine.ts';
import { type DueRow, free, lease, type Settlement, settle } from './due-work-store.ts';

/** One piece of work that was due. */
export interface Due {
  readonly id: string;
  readonly payload: unknown;
  /** 1 for the first try. */
  readonly attempt: number;
}

export type DueHandler = (due: Due) => Promise<void>;

export interface DrainOptions {
  readonly engine: SqlEngine;
  readonly clock: Clock;
  readonly log: Log;
  /** Real milliseconds since the epoch: leases are an agreement between processes, which no virtual clock moves. */
  readonly realNow: () => number;
  readonly handlers: ReadonlyMap<string, DueHandler>;
  /** Leases of others that end by this time, in real milliseconds, hold nothing any more. */
  readonly freeUntil: () => number;
  /** Whether to begin further work; what runs is finished in any case. */
  readonly goesOn: () => boolean;
}

export const LEASE_MS = 60_000;
/** Pieces that run at the same time: enough to share commits and syncs, few beside the connections that requests need. */
const AT_ONCE = 32;
const RETRY_BASE_MS = 5_000;
const RETRY_MAX_MS = 3_600_000;

/**
 * Runs everything that is due, in the order of the times, many pieces at once. What has ended since the last step is
 * settled, and as much is leased anew, in one transaction: the more there is to do, the more pieces share it. Between two
 * steps lies a turn of the event loop, in which requests are served.
 */
export class Drain {
  readonly #options: DrainOptions;
  /** Leased and not settled yet. Work that was moved while it runs is not begun a second time beside itself. */
  readonly #held = new Map<string, Promise<void>>();
  #ended: Settlement[] = [];
  #news = Promise.withResolvers<void>();

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  /** Resolves when nothing is due and nothing runs. @throws what the store throws, also when nothing runs any more */
  async run(): Promise<void> {
    try {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        // Before anything is looked at, so that nothing is missed.
        const news = this.#news.promise;
        const found = await this.#find();
        if (found.length > 0 || this.#ended.length > 0) await this.#step(found);
        else if (this.#held.size > 0) await news;
        else return;
      }
    } finally {
      await Promise.all(this.#held.values());
    }
  }

  /** Looks again: something has fallen due. */
  wake(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** Ids of what may be begun now. */
  async #find(): Promise<string[]> {
    const { engine, clock, freeUntil, goesOn } = this.#options;
    const room = AT_ONCE - this.#held.size;
    if (room === 0 || !goesOn()) return [];
    // So many that all which are held and as many as there is room for are among them.
    const found = await engine.all(free, { now: clock.now(), free_until: freeUntil(), limit: AT_ONCE });
    return found.flatMap(({ id }) => (this.#held.has(id) ? [] : [id])).slice(0, room);
  }

  async #step(found: readonly string[]): Promise<void> {
    const { engine, clock, realNow, freeUntil } = this.#options;
    const ended = this.#ended;
    this.#ended = [];
    const heldUntil = realNow() + LEASE_MS;
    const asked = { now: clock.now(), free_until: freeUntil(), leased_until: heldUntil, one: 1 };
    const taken = await engine.write(async (tx) => {
      for (const one of ended) await settle(tx, one);
      const leased: DueRow[] = [];
      for (const id of found) {
        const row = await tx.get(lease, { ...asked, id });
        if (row !== undefined) leased.push(row);
      }
      return leased;
    });
    for (const { id } of ended) this.#held.delete(id);
    for (const row of taken) this.#held.set(row.id, this.#run(row, heldUntil));
  }

  /** Never rejects. */
  async #run(row: DueRow, heldUntil: number): Promise<void> {
    const againAtMs = await this.#attempt(row);
    this.#ended.push({ id: row.id, heldUntil, againAtMs });
    this.wake();
  }

  /** @returns when to try again, undefined when it is done */
  async #attempt({ id, kind, payload, attempts, due_at }: DueRow): Promise<number | undefined> {
    const { clock, log, handlers, goesOn } = this.#options;
    try {
      const handler = handlers.get(kind);
      if (handler === undefined) throw new Error(`nothing handles work of kind ${kind}`);
      await handler({ id, payload: JSON.parse(payload) as unknown, attempt: attempts });
      return undefined;
    } catch (error) {
      // Its writes were refused because all of this ends: it is no fault of its own.
      if (!goesOn()) return due_at;
      log.warn({ err: error, kind, attempt: attempts }, 'due work failed and will be tried again');
      return clock.now() + Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** Math.min(attempts, 20));
    }
  }
}
