import {
  deleteSystemTopic,
  EVENT_GRID,
  getSystemTopic,
  listSystemTopicsByResourceGroup,
  listSystemTopicsBySubscription,
  patchSystemTopic,
  putSystemTopic,
  type SystemTopic as ArmSystemTopic,
  type SystemTopicInput,
} from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { Events } from '../events.ts';
import type { EventSource, EventSources } from '../sources.ts';
import type { SystemTopics } from '../topics/system-topics.ts';
import type { SystemTopic } from '../topics/topic.ts';
import { armErrors } from './errors.ts';
import { armIdOf } from './ids.ts';
import { armPage } from './paging.ts';
import { type Scopes, TOPIC_TYPES } from './scopes.ts';

export interface SystemTopicRoutes {
  readonly scopes: Scopes;
  readonly systemTopics: SystemTopics;
  readonly resources: EventSources;
  readonly events: Events;
}

export function registerSystemTopicRoutes(http: HttpServer, { scopes, systemTopics, resources, events }: SystemTopicRoutes): void {
  const shown = (topic: SystemTopic): ArmSystemTopic => shownSystemTopic(topic, resources.byId(topic.sourceId));
  http.route(putSystemTopic, async ({ params, body }) => {
    scopes.checkGroup(params);
    const current = systemTopics.find(params.systemTopicName);
    const source = sourceOf(body, scopes, current && resources.byId(current.sourceId));
    const topic = shown(await systemTopics.put(params.systemTopicName, source, body.tags ?? undefined));
    return current === undefined ? reply(201, topic) : reply(200, topic);
  });
  http.route(patchSystemTopic, async ({ params, body }) => {
    scopes.checkGroup(params);
    return reply(200, shown(await systemTopics.patch(params.systemTopicName, body.tags ?? undefined)));
  });
  http.route(getSystemTopic, ({ params }) => {
    scopes.checkGroup(params);
    return reply(200, shown(systemTopics.get(params.systemTopicName)));
  });
  http.route(deleteSystemTopic, async ({ params }) => {
    scopes.checkGroup(params);
    const topic = systemTopics.find(params.systemTopicName);
    if (topic === undefined) return reply(204);
    // Children of a resource go with it.
    await systemTopics.remove(topic.name, (tx, sourceId) => events.subscriptions.removeAllOf(tx, sourceId));
    return reply(200);
  });
  const all = (): ArmSystemTopic[] => systemTopics.list().map(shown);
  http.route(listSystemTopicsByResourceGroup, (call) => {
    scopes.checkGroup(call.params);
    return reply(200, armPage(call, armIdOf('systemTopics', '').replace(/\/$/, ''), all()));
  });
  http.route(listSystemTopicsBySubscription, (call) => {
    scopes.checkGroup(call.params);
    return reply(200, armPage(call, `/subscriptions/${call.params.subscriptionId}/providers/${EVENT_GRID}/systemTopics`, all()));
  });
}

/** What a new system topic is for; one that exists may leave it out. @throws ApiError 400 */
function sourceOf({ location, properties }: SystemTopicInput, scopes: Scopes, current: EventSource | undefined): EventSource {
  if (location && location.toLowerCase() !== 'global') throw armErrors.badLocation(location);
  const { source, topicType } = properties ?? {};
  if (topicType && topicType.toLowerCase() !== TOPIC_TYPES.resources.toLowerCase())
    throw armErrors.badSource(`cannot be of the topic type ${topicType}; system topics are of ${TOPIC_TYPES.resources}`);
  if (source) return scopes.resourceOf(source);
  if (current === undefined) throw armErrors.badSource('is required');
  return current;
}

function shownSystemTopic({ id, name, tags }: SystemTopic, source: EventSource | undefined): ArmSystemTopic {
  return {
    id: armIdOf('systemTopics', name),
    name,
    type: `${EVENT_GRID}/systemTopics`,
    location: 'global',
    ...(tags === undefined ? {} : { tags: { ...tags } }),
    properties: { provisioningState: 'Succeeded', source: source?.topic ?? '', topicType: TOPIC_TYPES.resources, metricResourceId: id },
  };
}
