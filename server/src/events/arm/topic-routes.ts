import {
  type ArmTopic,
  deleteTopic,
  EVENT_GRID,
  getTopic,
  listTopicKeys,
  listTopicsByResourceGroup,
  listTopicsBySubscription,
  patchTopic,
  putTopic,
  regenerateTopicKey,
} from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { Events } from '../events.ts';
import type { CustomTopics } from '../topics/custom-topics.ts';
import type { CustomTopic } from '../topics/topic.ts';
import { armIdOf } from './ids.ts';
import { armPage } from './paging.ts';
import type { Scopes } from './scopes.ts';

export interface TopicRoutes {
  readonly scopes: Scopes;
  readonly topics: CustomTopics;
  readonly events: Events;
}

export function registerTopicRoutes(http: HttpServer, { scopes, topics, events }: TopicRoutes): void {
  http.route(putTopic, async ({ params, body, origin }) => {
    scopes.checkGroup(params);
    const exists = topics.find(params.topicName) !== undefined;
    const shown = shownTopic(await topics.put(params.topicName, body), origin);
    return exists ? reply(200, shown) : reply(201, shown);
  });
  http.route(patchTopic, async ({ params, body, origin }) => {
    scopes.checkGroup(params);
    return reply(200, shownTopic(await topics.patch(params.topicName, body), origin));
  });
  http.route(getTopic, ({ params, origin }) => {
    scopes.checkGroup(params);
    return reply(200, shownTopic(topics.get(params.topicName), origin));
  });
  http.route(deleteTopic, async ({ params }) => {
    scopes.checkGroup(params);
    const topic = topics.find(params.topicName);
    if (topic === undefined) return reply(204);
    await topics.remove(topic.name, (tx, id) => events.subscriptions.removeAllOf(tx, id));
    return reply(200);
  });
  http.route(listTopicKeys, ({ params }) => {
    scopes.checkGroup(params);
    return reply(200, keysOf(topics.get(params.topicName)));
  });
  http.route(regenerateTopicKey, async ({ params, body }) => {
    scopes.checkGroup(params);
    return reply(200, keysOf(await topics.regenerateKey(params.topicName, body.keyName)));
  });
  const all = (origin: string): ArmTopic[] => topics.list().map((topic) => shownTopic(topic, origin));
  http.route(listTopicsByResourceGroup, (call) => {
    scopes.checkGroup(call.params);
    return reply(200, armPage(call, armIdOf('topics', '').replace(/\/$/, ''), all(call.origin)));
  });
  http.route(listTopicsBySubscription, (call) => {
    scopes.checkGroup(call.params);
    return reply(200, armPage(call, `/subscriptions/${call.params.subscriptionId}/providers/${EVENT_GRID}/topics`, all(call.origin)));
  });
}

/** Where to publish to a topic. @param origin under which the server is reached */
export function topicEndpoint(origin: string, name: string): string {
  return `${origin}/topics/${name}/api/events`;
}

function keysOf({ key1, key2 }: CustomTopic): { key1: string; key2: string } {
  return { key1, key2 };
}

function shownTopic(topic: CustomTopic, origin: string): ArmTopic {
  const { id, name, location, tags, inputSchema, mapping, disableLocalAuth, dataResidencyBoundary = 'WithinGeopair' } = topic;
  return {
    id: armIdOf('topics', name),
    name,
    type: `${EVENT_GRID}/topics`,
    location,
    ...(tags === undefined ? {} : { tags: { ...tags } }),
    properties: {
      provisioningState: 'Succeeded',
      endpoint: topicEndpoint(origin, name),
      inputSchema,
      ...(mapping === undefined ? {} : { inputSchemaMapping: mapping }),
      metricResourceId: id,
      publicNetworkAccess: 'Enabled',
      inboundIpRules: [],
      disableLocalAuth,
      dataResidencyBoundary,
    },
  };
}
