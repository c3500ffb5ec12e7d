import { addFaultRule, clearFaultRules, listFaultRules, removeFaultRule, setFaultRules } from '@switchboard/contract';
import type { FaultRules } from '../../faults/index.ts';
import { type HttpServer, reply } from '../../http/index.ts';

export function registerFaultRoutes(http: HttpServer, faults: FaultRules): void {
  http.route(listFaultRules, () => reply(200, { rules: faults.list() }));
  http.route(setFaultRules, ({ body }) => reply(200, { rules: faults.set(body.rules) }));
  http.route(addFaultRule, ({ body }) => reply(201, faults.add(body)));
  http.route(clearFaultRules, () => {
    faults.clear();
    return reply(204);
  });
  http.route(removeFaultRule, ({ params }) => {
    faults.remove(params.ruleName);
    return reply(204);
  });
}
