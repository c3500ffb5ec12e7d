import type { Clock } from '../../lib/clock.ts';
import type { ResourceStorage, Storage, Transaction } from '../../storage/index.ts';
import { operationStore } from '../store/operation-store.ts';
import { reservationStore } from '../store/reservation-store.ts';
import { searchStore } from '../store/search-store.ts';

const PURGE = 'phone-numbers/purge-history';
const DAY_MS = 86_400_000;
/** How long it can be seen what became of an operation. */
const KEPT_DAYS = 30;
const AT_ONCE = 500;

/** One purge for all that began on one day. */
export function scheduleHistoryPurge(rows: ResourceStorage, tx: Transaction, beganAtMs: number): Promise<void> {
  const day = Math.ceil(beganAtMs / DAY_MS) + KEPT_DAYS;
  return rows.due.schedule(tx, { kind: PURGE, id: `${PURGE}/${day}`, dueAtMs: day * DAY_MS, payload: null });
}

/** Forgets searches and operations of long ago, in bounded steps. */
export function installHistoryPurge({ storage, clock }: { readonly storage: Storage; readonly clock: Clock }): void {
  storage.due.handle(PURGE, async () => {
    const untilMs = clock.now() - KEPT_DAYS * DAY_MS;
    for (const { purgeSome } of [searchStore, operationStore, reservationStore]) {
      while ((await storage.write((tx) => purgeSome(tx, untilMs, AT_ONCE))) === AT_ONCE);
    }
  });
}
