import { createEventTopic, deleteEventTopic, getEventTopic, listEventTopics } from '@switchboard/contract';
import { armIdOf, type CustomTopics, type Events, topicEndpoint } from '../../events/index.ts';
import { type HttpServer, reply } from '../../http/index.ts';

export interface EventTopicRoutes {
  readonly topics: CustomTopics;
  readonly events: Events;
}

type Topic = ReturnType<CustomTopics['get']>;

/** Custom topics, without the ceremony of resource management. */
export function registerEventTopicRoutes(http: HttpServer, { topics, events }: EventTopicRoutes): void {
  http.route(createEventTopic, async ({ body, origin }) => {
    const { name, location, inputSchema, inputSchemaMapping } = body;
    const properties = { inputSchema: inputSchema ?? null, inputSchemaMapping: inputSchemaMapping ?? null };
    return reply(201, withKeys(await topics.create(name, { location: location ?? null, properties }), origin));
  });
  http.route(listEventTopics, ({ origin }) => reply(200, { value: topics.list().map((topic) => shown(topic, origin)) }));
  http.route(getEventTopic, ({ params, origin }) => reply(200, withKeys(topics.get(params.topicName), origin)));
  http.route(deleteEventTopic, async ({ params }) => {
    await topics.remove(params.topicName, (tx, id) => events.subscriptions.removeAllOf(tx, id));
    return reply(204);
  });
}

function shown({ name, location, inputSchema, createdAtMs }: Topic, origin: string) {
  const createdAt = new Date(createdAtMs).toISOString();
  return { name, endpoint: topicEndpoint(origin, name), location, inputSchema, topic: armIdOf('topics', name), createdAt };
}

function withKeys(topic: Topic, origin: string) {
  const { key1, key2 } = topic;
  return { ...shown(topic, origin), key1, key2 };
}
