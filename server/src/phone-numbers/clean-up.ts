import type { Clock } from '../lib/clock.ts';
import type { ResourceService } from '../resources/index.ts';
import type { Storage } from '../storage/index.ts';
import { LANE } from './operations/operations.ts';
import type { OwnedCache } from './owned-cache.ts';
import { numberStore } from './store/number-store.ts';
import { operationStore } from './store/operation-store.ts';
import { reservationStore } from './store/reservation-store.ts';
import { searchStore } from './store/search-store.ts';
import { sipStore } from './store/sip-store.ts';

const PURGE_RESOURCE = 'phone-numbers/purge-resource';
const AT_ONCE = 500;

export interface CleanUpOptions {
  readonly storage: Storage;
  readonly resources: ResourceService;
  readonly owned: OwnedCache;
  readonly clock: Clock;
}

/** Gives back the numbers of a deleted resource, in bounded steps. */
export function installCleanUp({ storage, resources, owned, clock }: CleanUpOptions): void {
  resources.onPurge(async (tx, resourceId) => {
    await sipStore.remove(tx, resourceId);
    await storage.due.schedule(tx, { kind: PURGE_RESOURCE, dueAtMs: clock.now(), payload: { resourceId } });
  });
  storage.due.handle(PURGE_RESOURCE, async ({ payload }) => {
    // Written by the lines above.
    const { resourceId } = payload as { readonly resourceId: string };
    const rows = storage.forResource(resourceId);
    for (const { removeSome } of [numberStore, searchStore, operationStore, reservationStore])
      await owned.whileChanging(async () => {
        while ((await rows.write((tx) => removeSome(tx, resourceId, AT_ONCE), LANE)) === AT_ONCE);
      });
  });
}
