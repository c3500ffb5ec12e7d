import { getSipConfiguration, updateSipConfiguration } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { SipRouting } from '../sip-routing/sip-routing.ts';

export function registerSipRoutes(http: HttpServer, sip: SipRouting): void {
  http.route(getSipConfiguration, async ({ caller }) => reply(200, await sip.get(caller.resource.id)));
  http.route(updateSipConfiguration, async ({ body, caller }) => reply(200, await sip.update(caller.resource.id, body)));
}
