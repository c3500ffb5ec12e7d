import type { HttpServer } from '../../http/index.ts';
import type { Events } from '../events.ts';
import type { EventSources } from '../sources.ts';
import type { CustomTopics } from '../topics/custom-topics.ts';
import type { SystemTopics } from '../topics/system-topics.ts';
import { registerListRoutes } from './list-routes.ts';
import { Scopes } from './scopes.ts';
import { registerSubscriptionRoutes } from './subscription-routes.ts';
import { registerSystemTopicRoutes } from './system-topic-routes.ts';
import { registerTopicRoutes } from './topic-routes.ts';
import { registerTopicTypeRoutes } from './topic-type-routes.ts';

export interface ArmRoutes {
  readonly events: Events;
  /** Communication resources. */
  readonly resources: EventSources;
  readonly topics: CustomTopics;
  readonly systemTopics: SystemTopics;
}

/** The resource provider of Event Grid, as far as it is about communication resources and custom topics. */
export function registerEventGridRoutes(http: HttpServer, parts: ArmRoutes): void {
  const scopes = new Scopes(parts);
  const { subscriptions } = parts.events;
  registerSubscriptionRoutes(http, { scopes, subscriptions });
  registerListRoutes(http, { scopes, subscriptions });
  registerTopicRoutes(http, { ...parts, scopes });
  registerSystemTopicRoutes(http, { ...parts, scopes });
  registerTopicTypeRoutes(http, { ...parts, scopes });
}
