import { type Static, Type } from 'typebox';
import { operation } from '../operation.ts';
import { arm, armResource, EVENT_GRID, GROUP_PATH, GroupParams, VersionQuery } from './arm.ts';

const TopicType = armResource({
  properties: Type.Object({
    provider: Type.String(),
    displayName: Type.String(),
    description: Type.String(),
    resourceRegionType: Type.String(),
    provisioningState: Type.String(),
    supportedLocations: Type.Array(Type.String()),
    sourceResourceFormat: Type.String(),
    supportedScopesForSource: Type.Array(Type.String()),
  }),
});
export type TopicType = Static<typeof TopicType>;

export const ArmEventType = armResource({
  properties: Type.Object({
    displayName: Type.String(),
    description: Type.String(),
    schemaUrl: Type.String(),
    /** Whether subscriptions that name no types get it. */
    isInDefaultSet: Type.Boolean(),
  }),
});
export type ArmEventType = Static<typeof ArmEventType>;

const ExtensionTopic = armResource({
  properties: Type.Object({ description: Type.String(), systemTopic: Type.Optional(Type.String()) }),
});

const path = `/providers/${EVENT_GRID}/topicTypes`;
const params = Type.Object({ topicTypeName: Type.String({ maxLength: 128 }) });
const ofResource = `${GROUP_PATH}/providers/{providerNamespace}/{resourceTypeName}/{resourceName}/providers/${EVENT_GRID}`;
const ResourceParams = Type.Object({
  ...GroupParams,
  providerNamespace: Type.String({ maxLength: 64 }),
  resourceTypeName: Type.String({ maxLength: 64 }),
  resourceName: Type.String({ maxLength: 128 }),
});

export const listTopicTypes = operation({
  ...arm,
  id: 'TopicTypes_List',
  method: 'GET',
  path,
  summary: 'Lists the types of sources',
  query: VersionQuery,
  responses: { 200: Type.Object({ value: Type.Array(TopicType) }) },
});
export const getTopicType = operation({
  ...arm,
  id: 'TopicTypes_Get',
  method: 'GET',
  path: `${path}/{topicTypeName}`,
  summary: 'Gets a type of source',
  params,
  query: VersionQuery,
  responses: { 200: TopicType },
});
export const listEventTypesOfTopicType = operation({
  ...arm,
  id: 'TopicTypes_ListEventTypes',
  method: 'GET',
  path: `${path}/{topicTypeName}/eventTypes`,
  summary: 'Lists the types of events that sources of a type have',
  params,
  query: VersionQuery,
  responses: { 200: Type.Object({ value: Type.Array(ArmEventType) }) },
});
export const listEventTypesOfResource = operation({
  ...arm,
  id: 'Topics_ListEventTypes',
  method: 'GET',
  path: `${ofResource}/eventTypes`,
  summary: 'Lists the types of events that a resource has',
  params: ResourceParams,
  query: VersionQuery,
  responses: { 200: Type.Object({ value: Type.Array(ArmEventType) }) },
});
export const getExtensionTopic = operation({
  ...arm,
  id: 'ExtensionTopics_Get',
  method: 'GET',
  path: `${ofResource}/extensionTopics/default`,
  summary: 'Tells the system topic of a resource, if there is one',
  params: ResourceParams,
  query: VersionQuery,
  responses: { 200: ExtensionTopic },
});
/** The client encodes the whole id of the resource, slashes too. */
export const getExtensionTopicOfScope = operation({
  ...arm,
  id: 'ExtensionTopics_GetOfScope',
  method: 'GET',
  path: `/{scope}/providers/${EVENT_GRID}/extensionTopics/default`,
  summary: 'Tells the system topic of a resource whose id is one encoded segment',
  params: Type.Object({ scope: Type.String({ maxLength: 1024 }) }),
  query: VersionQuery,
  responses: { 200: ExtensionTopic },
});
