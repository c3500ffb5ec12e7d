import { allowEventSubscription, validateEventSubscription } from '@switchboard/contract';
import { type HttpServer, reply } from '../http/index.ts';
import type { Events } from './events.ts';
import { allowedRate } from './subscriptions/handshake/options-request.ts';

const DONE = { message: 'The endpoint is validated: events are delivered to it from now on.' };

/** Takes the consent of endpoints by the URL that they were sent in the handshake. */
export function registerValidationRoutes(http: HttpServer, { subscriptions }: Events): void {
  http.route(validateEventSubscription, async ({ query }) => {
    await subscriptions.confirm(query.id, query.token);
    return reply(200, DONE);
  });
  http.route(allowEventSubscription, async (call) => {
    const { id, token } = call.query;
    await subscriptions.confirm(id, token, allowedRate(call.header('webhook-allowed-rate') ?? ''));
    return reply(200, DONE);
  });
}
