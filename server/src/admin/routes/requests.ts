import { getRequest, listRequests } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import { adminErrors } from '../errors.ts';

const DEFAULT_REQUESTS = 100;

export function registerRequestRoutes(http: HttpServer): void {
  http.route(listRequests, ({ query }) =>
    reply(200, { value: http.requests.list({ limit: query.limit ?? DEFAULT_REQUESTS, refusedOnly: query.refused ?? false }) }),
  );
  http.route(getRequest, ({ params }) => {
    const found = http.requests.find(params.requestId);
    if (found === undefined) throw adminErrors.unknownRequest(params.requestId);
    return reply(200, found);
  });
}
