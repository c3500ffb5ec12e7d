import type { Clock } from '../lib/clock.ts';
import type { ResourceService } from '../resources/index.ts';
import type { Storage, Transaction } from '../storage/index.ts';
import type { ChatContext } from './chat-context.ts';
import { resourceRetentionStore } from './store/resource-retention-store.ts';

/** Due work that schedules the clearing of some threads of a resource anew. */
const KIND = 'chat/retention-sweep';
/** Threads that are looked at in one transaction. */
const THREADS_AT_ONCE = 100;

export interface RetentionSweepOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly resources: ResourceService;
  readonly context: ChatContext;
  /** Threads of one step, 100 by default. */
  readonly threadsAtOnce?: number;
}

interface SweepWork {
  readonly resourceId: string;
  readonly afterNo: number;
}

/**
 * Takes every thread of a resource along when its message retention changes: the work that waits in them was scheduled by
 * the old one. What the threads are scheduled by is stored, so that a change is also noticed which came about while no
 * server ran, by other limits for example.
 */
export class RetentionSweep {
  readonly #options: RetentionSweepOptions;

  constructor(options: RetentionSweepOptions) {
    this.#options = options;
    const { storage, resources } = options;
    // The payload was written by `#schedule`.
    storage.due.handle(KIND, ({ payload }) => this.#sweepSome(payload as SweepWork));
    resources.onChanged((resourceId) => this.#follow(resourceId));
    resources.onPurge((tx, resourceId) => resourceRetentionStore.remove(tx, resourceId));
  }

  async followAll(): Promise<void> {
    for (const { id } of this.#options.resources.all()) await this.#follow(id);
  }

  async #follow(resourceId: string): Promise<void> {
    const days = this.#options.resources.byId(resourceId)?.messageDays;
    if (days === undefined) return;
    const storage = this.#options.storage.forResource(resourceId);
    if ((await resourceRetentionStore.find(storage.read, resourceId)) === days) return;
    await storage.write(async (tx) => {
      await resourceRetentionStore.put(tx, resourceId, days);
      await this.#schedule(tx, { resourceId, afterNo: 0 });
    });
  }

  async #sweepSome({ resourceId, afterNo }: SweepWork): Promise<void> {
    const { storage, context, threadsAtOnce = THREADS_AT_ONCE } = this.#options;
    await storage.forResource(resourceId).write(async (tx) => {
      const threads = await context.threads.ofResourceAfter(tx, resourceId, { afterNo, limit: threadsAtOnce });
      for (const thread of threads) await context.retention.rearm(tx, thread);
      const last = threads.at(-1);
      if (last !== undefined && threads.length === threadsAtOnce) await this.#schedule(tx, { resourceId, afterNo: last.no });
    });
  }

  /** A step is a piece of work of its own, so that other work comes in between; a new sweep begins again in place of an old one. */
  async #schedule(tx: Transaction, work: SweepWork): Promise<void> {
    const { storage, clock } = this.#options;
    const { due } = storage.forResource(work.resourceId);
    await due.schedule(tx, { id: `${KIND}/${work.resourceId}`, kind: KIND, dueAtMs: clock.now(), payload: work });
  }
}
