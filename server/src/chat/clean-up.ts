import type { IdentityService } from '../identity/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { ResourceService } from '../resources/index.ts';
import type { Storage } from '../storage/index.ts';
import type { ChatContext } from './chat-context.ts';
import { PURGE_AFTER_MS, PURGE_THREAD } from './thread-deletion.ts';
import type { ParticipantService } from './participant-service.ts';

export interface CleanUpOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly context: ChatContext;
  readonly participants: ParticipantService;
  readonly identities: IdentityService;
  readonly resources: ResourceService;
}

const FORGET_USER = 'chat/forget-user';
const PURGE_RESOURCE = 'chat/purge-resource';
const THREADS_AT_ONCE = 50;

/** What is left in chat of deleted identities, threads and resources, removed in bounded steps by durable due work. */
export class CleanUp {
  readonly #options: CleanUpOptions;

  constructor(options: CleanUpOptions) {
    this.#options = options;
  }

  install(): void {
    const { identities, resources, storage, clock, context } = this.#options;
    identities.onDelete((tx, deleted) => storage.due.schedule(tx, { kind: FORGET_USER, dueAtMs: clock.now(), payload: deleted }));
    resources.onPurge(async (tx, resourceId) => {
      await context.threads.hideAllOfResource(tx, resourceId, clock.now());
      await storage.due.schedule(tx, { kind: PURGE_RESOURCE, dueAtMs: clock.now(), payload: { resourceId } });
    });
    resources.onChanged(() => context.forgetAll());
    // The payloads were written by what schedules the work: the lines above, and the deletion of a thread.
    storage.due.handle(FORGET_USER, ({ payload }) => this.#forgetUser(payload as { resourceId: string; identity: string }));
    storage.due.handle(PURGE_THREAD, ({ payload }) => this.#purgeDeleted(payload as { resourceId: string; no: number }));
    storage.due.handle(PURGE_RESOURCE, ({ payload }) => this.#purgeResource((payload as { resourceId: string }).resourceId));
  }

  /** Takes a deleted user out of every thread, so that nobody lists or addresses it any more. */
  async #forgetUser({ resourceId, identity }: { readonly resourceId: string; readonly identity: string }): Promise<void> {
    const { context, participants } = this.#options;
    const { read } = context.storageOf(resourceId);
    const user = { resourceId, id: identity };
    for (let afterNo = 0; ;) {
      const threads = await context.participants.threadsOfUser(read, user, { afterNo, limit: THREADS_AT_ONCE });
      for (const { no, id, deleted_at } of threads) {
        afterNo = no;
        if (deleted_at === null)
          await context.change(resourceId, id, async (tx, thread) =>
            (await participants.forgetUser(tx, thread, identity)) ? thread : undefined,
          );
        else
          await context.storageOf(resourceId).write(async (tx) => {
            await context.receipts.forget(tx, no, identity);
            await context.participants.forget(tx, no, identity);
          });
      }
      if (threads.length < THREADS_AT_ONCE) return;
    }
  }

  /**
   * Purges a thread whose time has come. It may have been purged before, by hand or with its resource; SQLite then gives
   * its number to a new thread, which this work is not about.
   */
  async #purgeDeleted({ resourceId, no }: { readonly resourceId: string; readonly no: number }): Promise<void> {
    const { context, clock } = this.#options;
    const { read } = context.storageOf(resourceId);
    if (await context.threads.wasDeleted(read, no, clock.now() - PURGE_AFTER_MS)) await this.purgeThread(resourceId, no);
  }

  async #purgeResource(resourceId: string): Promise<void> {
    const { context } = this.#options;
    const storage = context.storageOf(resourceId);
    for (;;) {
      const threads = await context.threads.someOfResource(storage.read, resourceId, THREADS_AT_ONCE);
      for (const no of threads) await this.purgeThread(resourceId, no);
      if (threads.length < THREADS_AT_ONCE) return;
    }
  }

  /** Removes every row of a deleted thread, in bounded steps. */
  async purgeThread(resourceId: string, no: number): Promise<void> {
    const { context } = this.#options;
    const storage = context.storageOf(resourceId);
    while (!(await storage.write((tx) => context.messages.removeSomeBelow(tx, no, Number.MAX_SAFE_INTEGER))));
    await storage.write(async (tx) => {
      await context.receipts.removeAll(tx, no);
      await context.participants.removeAll(tx, no);
      await context.threads.remove(tx, no);
    });
  }
}
