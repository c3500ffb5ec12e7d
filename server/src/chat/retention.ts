import type { Clock } from '../lib/clock.ts';
import type { ResourceService } from '../resources/index.ts';
import type { Storage, Transaction } from '../storage/index.ts';
import type { MessageStore } from './store/message-store.ts';
import type { ThreadStore } from './store/thread-store.ts';

const KIND = 'chat/message-retention';
const DAY_MS = 86_400_000;
const MESSAGES_AT_ONCE = 1_000;
/** Threads in steady use are cleared at most this often. */
const SHORTEST_PAUSE_MS = 60_000;

export interface RetentionOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly resources: ResourceService;
  readonly threads: ThreadStore;
  readonly messages: MessageStore;
}

interface RetentionWork {
  readonly resourceId: string;
  readonly no: number;
}

/**
 * Messages are kept for as long as the limit `chat.message-retention-days` says. Older ones are not shown from that
 * moment on, and are removed for good by due work that each thread with messages has waiting, for the time at which its
 * oldest message ends. Nothing ever scans all threads.
 */
export class Retention {
  readonly #options: RetentionOptions;

  constructor(options: RetentionOptions) {
    this.#options = options;
    // The payload was written by `arm`.
    options.storage.due.handle(KIND, ({ payload }) => this.#clear(payload as RetentionWork));
  }

  /** Ids from here on are still kept; 0 when all are. */
  firstKeptId(resourceId: string): number {
    const spanMs = this.#spanMs(resourceId);
    return spanMs === Infinity ? 0 : Math.max(0, this.#options.clock.now() - spanMs + 1);
  }

  /** Makes sure, in the transaction that wrote `messageId`, that the thread will be cleared in time. */
  async arm(tx: Transaction, thread: { readonly no: number; readonly resourceId: string }, messageId: number): Promise<void> {
    const spanMs = this.#spanMs(thread.resourceId);
    if (spanMs === Infinity) return;
    await this.#options.threads.setArmed(tx, thread.no, true);
    await this.#schedule(tx, { resourceId: thread.resourceId, no: thread.no }, messageId + spanMs);
  }

  async #clear(work: RetentionWork): Promise<void> {
    const rows = this.#options.storage.forResource(work.resourceId);
    while (!(await rows.write((tx) => this.#clearSome(tx, work))));
  }

  async #clearSome(tx: Transaction, work: RetentionWork): Promise<boolean> {
    const { threads, messages, clock } = this.#options;
    const { resourceId, no } = work;
    // Holds the thread, so that no message comes between what is looked at and what is decided.
    await threads.setArmed(tx, no, true);
    const kept = this.firstKeptId(resourceId);
    const removed = await messages.removeBelow(tx, no, { id: kept, limit: MESSAGES_AT_ONCE });
    if (removed === MESSAGES_AT_ONCE) return false;
    const oldest = await messages.oldestId(tx, no);
    const spanMs = this.#spanMs(resourceId);
    if (oldest === undefined || spanMs === Infinity) await threads.setArmed(tx, no, false);
    else await this.#schedule(tx, work, Math.max(oldest + spanMs, clock.now() + SHORTEST_PAUSE_MS));
    return true;
  }

  async #schedule(tx: Transaction, { resourceId, no }: RetentionWork, dueAtMs: number): Promise<void> {
    await this.#options.storage
      .forResource(resourceId)
      .due.schedule(tx, { kind: KIND, dueAtMs, payload: { resourceId, no } satisfies RetentionWork });
  }

  #spanMs(resourceId: string): number {
    return (this.#options.resources.byId(resourceId)?.limits.value('chat.message-retention-days') ?? Infinity) * DAY_MS;
  }
}
