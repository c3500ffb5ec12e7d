import {
  type ArmEventSubscription,
  EVENT_GRID,
  listGlobalByResourceGroup,
  listGlobalByResourceGroupForTopicType,
  listGlobalBySubscription,
  listGlobalBySubscriptionForTopicType,
  listRegionalByResourceGroup,
  listRegionalByResourceGroupForTopicType,
  listRegionalBySubscription,
  listRegionalBySubscriptionForTopicType,
} from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { SubscriptionService } from '../subscriptions/subscription-service.ts';
import { armErrors } from './errors.ts';
import { armPage } from './paging.ts';
import { type Scopes, TOPIC_TYPES } from './scopes.ts';
import { shownSubscription } from './shown-subscription.ts';

interface ListParams {
  readonly subscriptionId: string;
  readonly resourceGroupName?: string;
  readonly location?: string;
  readonly topicTypeName?: string;
}

type ListCall = Parameters<typeof armPage>[0] & { readonly params: ListParams };

/** Lists over all sources of a place and type; communication resources are global, custom topics lie in locations. */
export function registerListRoutes(
  http: HttpServer,
  { scopes, subscriptions }: { readonly scopes: Scopes; readonly subscriptions: SubscriptionService },
): void {
  const page = (call: ListCall) => {
    scopes.checkGroup(call.params);
    return armPage(call, pathOf(call.params), subscriptionsAt(call.params));
  };
  const subscriptionsAt = ({ location = 'global', topicTypeName }: ListParams): ArmEventSubscription[] => {
    const place = location.toLowerCase().replaceAll(' ', '');
    const type = topicTypeName === undefined ? undefined : topicTypeOf(topicTypeName);
    return subscriptions.list().flatMap((one) => {
      const about = scopes.about(one.sourceId);
      if (about === undefined || about.location !== place || (type !== undefined && about.topicType !== type)) return [];
      const { source } = about;
      return [
        shownSubscription(one, { source, base: `${source.topic}/providers/${EVENT_GRID}`, type: `${EVENT_GRID}/eventSubscriptions` }),
      ];
    });
  };
  http.route(listGlobalBySubscription, (call) => reply(200, page(call)));
  http.route(listGlobalBySubscriptionForTopicType, (call) => reply(200, page(call)));
  http.route(listGlobalByResourceGroup, (call) => reply(200, page(call)));
  http.route(listGlobalByResourceGroupForTopicType, (call) => reply(200, page(call)));
  http.route(listRegionalBySubscription, (call) => reply(200, page(call)));
  http.route(listRegionalBySubscriptionForTopicType, (call) => reply(200, page(call)));
  http.route(listRegionalByResourceGroup, (call) => reply(200, page(call)));
  http.route(listRegionalByResourceGroupForTopicType, (call) => reply(200, page(call)));
}

/** The name of a topic type as it is spelled. @throws ApiError 404 */
export function topicTypeOf(name: string): string {
  const known = Object.values(TOPIC_TYPES);
  const found = known.find((type) => type.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw armErrors.unknownTopicType(name, known);
  return found;
}

function pathOf({ subscriptionId, resourceGroupName, location, topicTypeName }: ListParams): string {
  const parts = [
    `/subscriptions/${encodeURIComponent(subscriptionId)}`,
    ...(resourceGroupName === undefined ? [] : [`resourceGroups/${encodeURIComponent(resourceGroupName)}`]),
    `providers/${EVENT_GRID}`,
    ...(location === undefined ? [] : [`locations/${encodeURIComponent(location)}`]),
    ...(topicTypeName === undefined ? [] : [`topicTypes/${encodeURIComponent(topicTypeName)}`]),
    'eventSubscriptions',
  ];
  return parts.join('/');
}
