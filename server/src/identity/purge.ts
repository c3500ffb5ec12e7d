import type { Clock } from '../lib/clock.ts';
import type { ResourceService } from '../resources/index.ts';
import type { Storage } from '../storage/index.ts';
import type { ExchangeService } from './entra/exchange-service.ts';
import { identityStore } from './store.ts';

const PURGE_RESOURCE = 'identity/purge-resource';
const IDENTITIES_AT_ONCE = 1_000;

export interface IdentityPurgeOptions {
  readonly storage: Storage;
  readonly resources: ResourceService;
  readonly exchanges: ExchangeService;
  readonly clock: Clock;
}

/** Removes the identities of a deleted resource in bounded steps. Their tokens stopped with the resource itself. */
export function installIdentityPurge({ storage, resources, exchanges, clock }: IdentityPurgeOptions): void {
  resources.onPurge(async (tx, resourceId) => {
    await exchanges.purge(tx, resourceId);
    await storage.due.schedule(tx, { kind: PURGE_RESOURCE, dueAtMs: clock.now(), payload: { resourceId } });
  });
  storage.due.handle(PURGE_RESOURCE, async ({ payload }) => {
    // Written by the lines above.
    const { resourceId } = payload as { readonly resourceId: string };
    const rows = storage.forResource(resourceId);
    while (!(await rows.write((tx) => identityStore.purgeSome(tx, resourceId, IDENTITIES_AT_ONCE))));
  });
}
