import { getRequest, listRequests } from '@switchboard/contract';
import { type HttpServer, reply, waitMsOf } from '../../http/index.ts';
import { adminErrors } from '../errors.ts';

const DEFAULT_REQUESTS = 100;

export function registerRequestRoutes(http: HttpServer): void {
  http.route(listRequests, async (call) => {
    const { limit = DEFAULT_REQUESTS, after, wait, ...filter } = call.query;
    const whenOver = (end: () => void): void => call.onAbandoned(end);
    const wish = { filter, limit, after };
    return reply(200, await http.gate.outside(() => http.requests.listWhenAny(wish, { waitMs: waitMsOf(wait), whenOver })));
  });
  http.route(getRequest, ({ params }) => {
    const found = http.requests.find(params.requestId);
    if (found === undefined) throw adminErrors.unknownRequest(params.requestId);
    return reply(200, found);
  });
}
