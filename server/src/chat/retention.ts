import type { Clock } from '../lib/clock.ts';
import type { ResourceService } from '../resources/index.ts';
import type { Storage, Transaction } from '../storage/index.ts';
import type { MessageStore } from './store/message-store.ts';
import type { ThreadRow, ThreadStore } from './store/thread-store.ts';

const KIND = 'chat/message-retention';
const DAY_MS = 86_400_000;
const SHORTEST_PAUSE_MS = 1_000;
/** A thread in steady use is cleared at most this often. */
const LONGEST_PAUSE_MS = 600_000;

export interface RetentionOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly resources: ResourceService;
  readonly threads: ThreadStore;
  readonly messages: MessageStore;
}

type RetainedThread = Pick<ThreadRow, 'no' | 'resourceId' | 'messageDays' | 'properties'>;

interface RetentionWork {
  readonly resourceId: string;
  readonly no: number;
  /** How long the next clearing waits at least; absent in work of version 0.1.0. */
  readonly pauseMs?: number;
}

/** Which setting says how long a message is kept: the narrowest that is set. */
export interface MessageRetention {
  /** `Infinity` for without end. */
  readonly days: number;
  readonly setBy: 'thread' | 'policy' | 'resource' | 'limits';
}

/**
 * How long messages are kept: as long as their thread says, else their resource, else the limit
 * `chat.message-retention-days`. Older ones are not shown from that moment on, and are removed for good by due work that
 * each thread with messages has waiting, for the time at which its oldest message ends. Nothing ever scans all threads.
 */
export class Retention {
  readonly #options: RetentionOptions;

  constructor(options: RetentionOptions) {
    this.#options = options;
    // The payload was written by `#schedule`.
    options.storage.due.handle(KIND, ({ payload }) => this.#clear(payload as RetentionWork));
  }

  of({ messageDays, properties, resourceId }: Omit<RetainedThread, 'no'>): MessageRetention {
    if (messageDays !== undefined) return { days: messageDays, setBy: 'thread' };
    // A thread with a policy keeps its messages for as long as it lives, as with ACS.
    if (properties.retentionPolicy !== undefined) return { days: Infinity, setBy: 'policy' };
    const resource = this.#options.resources.byId(resourceId);
    return { days: resource?.messageDays ?? Infinity, setBy: resource?.ownMessageDays === undefined ? 'limits' : 'resource' };
  }

  /** Ids from here on are still kept; 0 when all are. */
  firstKeptId(thread: Omit<RetainedThread, 'no'>): number {
    const spanMs = this.#spanMs(thread);
    return spanMs === Infinity ? 0 : Math.max(0, this.#options.clock.now() - spanMs + 1);
  }

  /** Makes sure, in the transaction that wrote `messageId`, that the thread will be cleared in time. */
  async arm(tx: Transaction, thread: RetainedThread, messageId: number): Promise<void> {
    const spanMs = this.#spanMs(thread);
    if (spanMs === Infinity) return;
    await this.#options.threads.setArmed(tx, thread.no, true);
    await this.#schedule(tx, thread, messageId + spanMs);
  }

  /** Schedules the clearing of a thread anew, in the transaction that changed how long its messages are kept or after it. */
  async rearm(tx: Transaction, thread: RetainedThread): Promise<void> {
    const { threads, messages, storage } = this.#options;
    // Holds the thread, so that no message comes between what is looked at and what is decided.
    await threads.setArmed(tx, thread.no, true);
    const oldest = await messages.oldestId(tx, thread.no);
    const spanMs = this.#spanMs(thread);
    if (oldest !== undefined && spanMs !== Infinity) return this.#schedule(tx, thread, oldest + spanMs);
    await threads.setArmed(tx, thread.no, false);
    await storage.forResource(thread.resourceId).due.cancel(tx, workId(thread));
  }

  async #clear(work: RetentionWork): Promise<void> {
    const rows = this.#options.storage.forResource(work.resourceId);
    while (!(await rows.write((tx) => this.#clearSome(tx, work))));
  }

  /** @returns whether everything that has ended is gone */
  async #clearSome(tx: Transaction, work: RetentionWork): Promise<boolean> {
    const { threads, messages, clock } = this.#options;
    // As in `rearm`.
    await threads.setArmed(tx, work.no, true);
    const thread = await threads.findAny(tx, work.no);
    if (thread === undefined) return true;
    if (!(await messages.removeSomeBelow(tx, work.no, this.firstKeptId(thread)))) return false;
    const oldest = await messages.oldestId(tx, work.no);
    const spanMs = this.#spanMs(thread);
    if (oldest === undefined || spanMs === Infinity) {
      await threads.setArmed(tx, work.no, false);
      return true;
    }
    // Few messages end on the second. Where one follows the other, the pauses grow, so that a busy thread costs little.
    const { pauseMs = SHORTEST_PAUSE_MS } = work;
    const nowMs = clock.now();
    const isBusy = oldest + spanMs < nowMs + LONGEST_PAUSE_MS;
    const next = isBusy ? Math.min(2 * pauseMs, LONGEST_PAUSE_MS) : SHORTEST_PAUSE_MS;
    await this.#schedule(tx, { ...work, pauseMs: next }, Math.max(oldest + spanMs, nowMs + pauseMs));
    return true;
  }

  /** Rounded up to the second, so that what was written at once goes at once. */
  async #schedule(tx: Transaction, work: RetentionWork, endsAtMs: number): Promise<void> {
    const { resourceId, no, pauseMs = SHORTEST_PAUSE_MS } = work;
    await this.#options.storage.forResource(resourceId).due.schedule(tx, {
      id: workId(work),
      kind: KIND,
      dueAtMs: Math.ceil(endsAtMs / 1_000) * 1_000,
      payload: { resourceId, no, pauseMs } satisfies RetentionWork,
    });
  }

  #spanMs(thread: Omit<RetainedThread, 'no'>): number {
    return this.of(thread).days * DAY_MS;
  }
}

/** One piece of work for each thread, so that scheduling it again moves it. */
function workId({ no }: { readonly no: number }): string {
  return `${KIND}/${no}`;
}
