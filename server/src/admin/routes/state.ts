import { deleteSnapshot, listSnapshots, resetState, restoreSnapshot, saveSnapshot } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { Snapshot, StateControl } from '../state-control.ts';

export interface StateRoutes {
  readonly state: StateControl;
}

export function registerStateRoutes(http: HttpServer, { state }: StateRoutes): void {
  http.route(resetState, async () => {
    await state.reset();
    return reply(204);
  });
  http.route(saveSnapshot, async ({ body }) => reply(201, shown(await state.save(body.name, { replace: body.replace ?? false }))));
  http.route(listSnapshots, async () => reply(200, { value: (await state.list()).map(shown) }));
  http.route(restoreSnapshot, async ({ params }) => reply(200, shown(await state.restore(params.snapshotName))));
  http.route(deleteSnapshot, async ({ params }) => {
    await state.delete(params.snapshotName);
    return reply(204);
  });
}

function shown({ name, savedAtMs, clock }: Snapshot) {
  return { name, savedAt: new Date(savedAtMs).toISOString(), clock: { kind: clock.kind, now: new Date(clock.nowMs).toISOString() } };
}
