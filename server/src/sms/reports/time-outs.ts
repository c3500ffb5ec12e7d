import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Timers } from '../../lib/timers.ts';
import type { ResourceStorage } from '../../storage/index.ts';
import { DueSweep } from '../queue/due-sweep.ts';
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

/** Ends messages of whose end nobody has told in time. */
export function openTimeOuts(options: TimeOutsOptions): DueSweep {
  const { storage, store, endings } = options;
  return new DueSweep({
    ...options,
    what: 'messages without a report in time',
    firstDueMs: () => store.firstDueMs(storage.read),
    sweepSome: async (nowMs) => {
      const some = await store.overdue(storage.read, { nowMs, limit: AT_ONCE });
      if (some.length === 0) return false;
      await storage.write(async (tx) => {
        for (const message of some) {
          // A segment that failed says more than the silence about the others.
          const { code = 5002, detail } = message.progress;
          await endings.conclude(tx, message, { code, detail, atMs: nowMs });
        }
      });
      return some.length === AT_ONCE;
    },
  });
}
