import {
  type ArmEventType,
  EVENT_GRID,
  EVENT_TYPE_PREFIX,
  EVENT_TYPES,
  type EventType,
  getExtensionTopic,
  getExtensionTopicOfScope,
  getTopicType,
  listEventTypesOfResource,
  listEventTypesOfTopicType,
  listTopicTypes,
  type TopicType,
} from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { SystemTopics } from '../topics/system-topics.ts';
import { armIdOf } from './ids.ts';
import { topicTypeOf } from './list-routes.ts';
import { type Scope, type Scopes, TOPIC_TYPES } from './scopes.ts';

export interface TopicTypeRoutes {
  readonly scopes: Scopes;
  readonly systemTopics: SystemTopics;
}

export function registerTopicTypeRoutes(http: HttpServer, { scopes, systemTopics }: TopicTypeRoutes): void {
  // Custom topics have whatever is published.
  const typesOf = (topicType: string): ArmEventType[] => (topicType === TOPIC_TYPES.resources ? EVENT_TYPES.map(shownEventType) : []);
  http.route(listTopicTypes, () => reply(200, { value: Object.values(SHOWN) }));
  http.route(getTopicType, ({ params }) => reply(200, SHOWN[topicTypeOf(params.topicTypeName)] as TopicType));
  http.route(listEventTypesOfTopicType, ({ params }) => reply(200, { value: typesOf(topicTypeOf(params.topicTypeName)) }));
  http.route(listEventTypesOfResource, ({ params }) => {
    const { source } = scopes.ofResource(params);
    return reply(200, { value: typesOf(scopes.about(source.id)?.topicType ?? '') });
  });
  const extensionTopicOf = ({ source, base }: Scope) => {
    const topic = systemTopics.ofSource(source.id);
    return {
      id: `${base}/extensionTopics/default`,
      name: 'default',
      type: `${EVENT_GRID}/extensionTopics`,
      properties: { description: `Events of ${source.name}`, ...(topic && { systemTopic: armIdOf('systemTopics', topic.name) }) },
    };
  };
  http.route(getExtensionTopic, ({ params }) => reply(200, extensionTopicOf(scopes.ofResource(params))));
  http.route(getExtensionTopicOfScope, ({ params }) => reply(200, extensionTopicOf(scopes.ofId(params.scope))));
}

function shownEventType({ name, description, isInDefaultSet }: EventType): ArmEventType {
  const id = `providers/${EVENT_GRID}/topicTypes/${TOPIC_TYPES.resources}/eventTypes/${name}`;
  const displayName = name.slice(EVENT_TYPE_PREFIX.length);
  return {
    id,
    name,
    type: `${EVENT_GRID}/topicTypes/eventTypes`,
    properties: { displayName, description, schemaUrl: SCHEMA_URL, isInDefaultSet },
  };
}

const SCHEMA_URL = 'https://learn.microsoft.com/azure/event-grid/event-schema-communication-services';

function shownTopicType(
  name: string,
  about: { readonly displayName: string; readonly description: string; readonly region: string; readonly source: string },
): TopicType {
  return {
    id: `providers/${EVENT_GRID}/topicTypes/${name}`,
    name,
    type: `${EVENT_GRID}/topicTypes`,
    properties: {
      provider: name.slice(0, name.lastIndexOf('.')),
      displayName: about.displayName,
      description: about.description,
      resourceRegionType: about.region,
      provisioningState: 'Succeeded',
      supportedLocations: [],
      sourceResourceFormat: `/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/${about.source}/{name}`,
      supportedScopesForSource: ['Resource'],
    },
  };
}

const SHOWN: Readonly<Record<string, TopicType>> = {
  [TOPIC_TYPES.resources]: shownTopicType(TOPIC_TYPES.resources, {
    displayName: 'Azure Communication Services',
    description: 'Events of communication resources.',
    region: 'GlobalResource',
    source: 'Microsoft.Communication/communicationServices',
  }),
  [TOPIC_TYPES.topics]: shownTopicType(TOPIC_TYPES.topics, {
    displayName: 'Event Grid Topics',
    description: 'Events that applications publish.',
    region: 'RegionalResource',
    source: 'Microsoft.EventGrid/topics',
  }),
};
