import { FirstFixtures, Fixtures, type NewState, StateControl } from './admin/index.ts';
import { ConfigError } from './config/index.ts';
import { ensureDefaultResource, renewDefaultResource } from './default-resource.ts';
import type { Foundation } from './foundation.ts';
import { realNow } from './lib/clock.ts';
import { ApiError } from './lib/errors.ts';
import { SeededIds } from './lib/ids.ts';
import type { Services } from './services.ts';
import { beginSeeded } from './storage/index.ts';

/** Reset and snapshots, over everything this server is made of. */
export function openStateControl(base: Foundation, services: Services, first: FirstFixtures): StateControl {
  const { storage, clock, ids } = base;
  return new StateControl({
    state: storage.state,
    gate: services.http.gate,
    clock,
    realNow,
    idPositions: () => (ids instanceof SeededIds ? ids.positions : undefined),
    check: (nowMs) => first.check(nowMs),
    furnish: (state) => furnish(state, base, { ...services, first }),
  });
}

/** Fixtures by command, and those of the settings, which are checked already. @throws ConfigError naming the wrong element */
export function openFixtures(base: Foundation, services: Services): { readonly fixtures: Fixtures; readonly first: FirstFixtures } {
  const fixtures = new Fixtures({ ...base, ...services });
  const first = new FirstFixtures({ ...base, ...services, given: base.config.fixtures, fixtures });
  try {
    first.check(base.clock.now());
  } catch (error) {
    throw error instanceof ApiError ? new ConfigError(error.message) : error;
  }
  return { fixtures, first };
}

/** Gives an emptied or restored state what every state has before it is served. */
async function furnish(
  state: NewState,
  { storage, ids, config }: Foundation,
  { resources, defaultResource, chat, events, sms, first }: Services & { readonly first: FirstFixtures },
): Promise<void> {
  if (ids instanceof SeededIds) {
    if (state.ids === undefined) await beginSeeded(storage, ids);
    else ids.goOnAt(state.ids);
  }
  if (state.kind === 'reset') {
    await renewDefaultResource(resources, defaultResource);
    await first.load();
  }
  // A restored state must not bring back a key that this server was told not to use.
  else await ensureDefaultResource(resources, config.accessKey);
  await chat.start();
  await events.start();
  await sms.start();
}
