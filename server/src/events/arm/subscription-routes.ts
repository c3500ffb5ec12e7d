import {
  deleteArmEventSubscription,
  deleteTopicEventSubscription,
  getArmOperation,
  getDeliveryAttributes,
  getEventSubscription,
  getFullUrl,
  getTopicDeliveryAttributes,
  getTopicEventSubscription,
  getTopicFullUrl,
  listByResource,
  listByTopic,
  patchEventSubscription,
  patchTopicEventSubscription,
  putEventSubscription,
  putTopicEventSubscription,
} from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { SubscriptionService } from '../subscriptions/subscription-service.ts';
import { armErrors } from './errors.ts';
import { armPage } from './paging.ts';
import type { Scopes } from './scopes.ts';
import { operationPath, SubscriptionHandlers } from './subscription-handlers.ts';

export interface SubscriptionRoutes {
  readonly scopes: Scopes;
  readonly subscriptions: SubscriptionService;
}

/** Event subscriptions of resources, as their extensions, and of topics, as their children: the same under two kinds of ids. */
export function registerSubscriptionRoutes(http: HttpServer, { scopes, subscriptions }: SubscriptionRoutes): void {
  const handle = new SubscriptionHandlers(subscriptions);
  registerOfResources(http, scopes, handle);
  registerOfTopics(http, scopes, handle);
  http.route(getArmOperation, ({ params }) => {
    scopes.checkGroup(params);
    const subscription = subscriptions.byId(params.operationId);
    if (subscription === undefined) throw armErrors.unknownOperation();
    const { id: name, state, reason = 'The endpoint refused.' } = subscription;
    const status = { id: operationPath(name), name };
    if (state === 'Failed')
      return reply(200, { ...status, status: 'Failed', error: { code: 'HandshakeFailed', message: refusalOf(reason) } });
    return reply(200, { ...status, status: state === 'Succeeded' ? 'Succeeded' : 'InProgress' });
  });
}

function refusalOf(reason: string): string {
  return `The endpoint did not pass the validation handshake: ${reason}.`;
}

function registerOfResources(http: HttpServer, scopes: Scopes, handle: SubscriptionHandlers): void {
  http.route(listByResource, (call) => {
    const scope = scopes.ofResource(call.params);
    return reply(200, armPage(call, `${scope.base}/eventSubscriptions`, handle.list(scope)));
  });
  http.route(putEventSubscription, async (call) => {
    const { shown, headers } = await handle.put(scopes.ofResource(call.params), call.body.properties, call);
    return reply(201, shown, headers);
  });
  http.route(patchEventSubscription, async (call) => {
    const { shown, headers } = await handle.patch(scopes.ofResource(call.params), call.body, call);
    return reply(201, shown, headers);
  });
  http.route(getEventSubscription, ({ params }) => reply(200, handle.get(scopes.ofResource(params), params.eventSubscriptionName)));
  http.route(deleteArmEventSubscription, async ({ params }) =>
    (await handle.delete(scopes.ofResource(params), params.eventSubscriptionName)) ? reply(200) : reply(204),
  );
  http.route(getFullUrl, ({ params }) =>
    reply(200, { endpointUrl: handle.fullUrl(scopes.ofResource(params), params.eventSubscriptionName) }),
  );
  http.route(getDeliveryAttributes, ({ params }) =>
    reply(200, { value: handle.deliveryAttributes(scopes.ofResource(params), params.eventSubscriptionName) }),
  );
}

function registerOfTopics(http: HttpServer, scopes: Scopes, handle: SubscriptionHandlers): void {
  http.route(listByTopic, (call) => {
    const scope = scopes.ofTopic(call.params);
    return reply(200, armPage(call, `${scope.base}/eventSubscriptions`, handle.list(scope)));
  });
  http.route(putTopicEventSubscription, async (call) => {
    const { shown, headers } = await handle.put(scopes.ofTopic(call.params), call.body.properties, call);
    return reply(201, shown, headers);
  });
  http.route(patchTopicEventSubscription, async (call) => {
    const { shown, headers } = await handle.patch(scopes.ofTopic(call.params), call.body, call);
    return reply(201, shown, headers);
  });
  http.route(getTopicEventSubscription, ({ params }) => reply(200, handle.get(scopes.ofTopic(params), params.eventSubscriptionName)));
  http.route(deleteTopicEventSubscription, async ({ params }) =>
    (await handle.delete(scopes.ofTopic(params), params.eventSubscriptionName)) ? reply(200) : reply(204),
  );
  http.route(getTopicFullUrl, ({ params }) =>
    reply(200, { endpointUrl: handle.fullUrl(scopes.ofTopic(params), params.eventSubscriptionName) }),
  );
  http.route(getTopicDeliveryAttributes, ({ params }) =>
    reply(200, { value: handle.deliveryAttributes(scopes.ofTopic(params), params.eventSubscriptionName) }),
  );
}
