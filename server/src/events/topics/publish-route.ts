import { publishEvents } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Limits, RateLimiter } from '../../limits/index.ts';
import type { Storage } from '../../storage/index.ts';
import { armIdOf } from '../arm/ids.ts';
import type { Events } from '../events.ts';
import type { CustomTopics } from './custom-topics.ts';
import { readPublication } from './publication.ts';

export interface PublishRoute {
  readonly events: Events;
  readonly topics: CustomTopics;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly limits: Limits;
  readonly rates: RateLimiter;
}

/** The endpoint of custom topics: what it has answered is durable, and what it has refused is not published in part. */
export function registerPublishRoute(http: HttpServer, route: PublishRoute): void {
  const { events, topics, storage, clock, ids, limits, rates } = route;
  http.route(publishEvents, async (call) => {
    const topic = topics.get(call.caller.topic.name);
    const topicId = armIdOf('topics', topic.name);
    const text = call.text();
    const published = readPublication(
      { text, contentType: call.header('content-type') },
      { topic, topicId, nowMs: clock.now(), newKey: () => ids.uuid('event') },
    );
    rates.takeAll(limits, [
      { name: 'events.publish-rate', key: topic.id, amount: published.length },
      { name: 'events.publish-bytes-rate', key: topic.id, amount: Buffer.byteLength(text) },
    ]);
    await storage.write((tx) => events.forward(tx, { id: topic.id, name: topic.name, topic: topicId }, published));
    return reply(200);
  });
}
