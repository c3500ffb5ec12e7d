import { advanceClock, getClock, setClock } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { ClockControl } from '../clock-control.ts';

export function registerClockRoutes(http: HttpServer, clock: ClockControl): void {
  http.route(getClock, () => reply(200, clock.describe()));
  http.route(advanceClock, async ({ body }) => {
    await clock.advance(body);
    return reply(200, clock.describe());
  });
  http.route(setClock, async ({ body }) => {
    await clock.set(body.to);
    return reply(200, clock.describe());
  });
}
