import { type NewState, StateControl } from './admin/index.ts';
import { ensureDefaultResource, renewDefaultResource } from './default-resource.ts';
import type { Foundation } from './foundation.ts';
import { realNow } from './lib/clock.ts';
import { SeededIds } from './lib/ids.ts';
import type { Services } from './services.ts';
import { beginSeeded } from './storage/index.ts';

/** Reset and snapshots, over everything this server is made of. */
export function openStateControl(base: Foundation, services: Services): StateControl {
  const { storage, clock, ids } = base;
  return new StateControl({
    state: storage.state,
    gate: services.http.gate,
    clock,
    realNow,
    idPositions: () => (ids instanceof SeededIds ? ids.positions : undefined),
    furnish: (state) => furnish(state, base, services),
  });
}

/** Gives an emptied or restored state what every state has before it is served. */
async function furnish(
  state: NewState,
  { storage, ids, config }: Foundation,
  { resources, defaultResource, chat, events }: Services,
): Promise<void> {
  if (ids instanceof SeededIds) {
    if (state.ids === undefined) await beginSeeded(storage, ids);
    else ids.goOnAt(state.ids);
  }
  if (state.kind === 'reset') await renewDefaultResource(resources, defaultResource);
  // A restored state must not bring back a key that this server was told not to use.
  else await ensureDefaultResource(resources, config.accessKey);
  await chat.start();
  await events.start();
}
