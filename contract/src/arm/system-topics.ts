import { type Static, Type } from 'typebox';
import { absent } from '../common.ts';
import { operation } from '../operation.ts';
import {
  arm,
  armResource,
  EVENT_GRID,
  GROUP_PATH,
  GroupParams,
  ListQuery,
  listOf,
  SubscriptionParams,
  tracked,
  TrackedInput,
  VersionQuery,
} from './arm.ts';

export const SystemTopicInput = Type.Object({
  ...TrackedInput,
  properties: absent(
    Type.Object({
      /** ARM id of a communication resource. */
      source: absent(Type.String({ maxLength: 1024 })),
      topicType: absent(Type.String({ maxLength: 128 })),
    }),
  ),
});
export type SystemTopicInput = Static<typeof SystemTopicInput>;

export const SystemTopic = armResource({
  ...tracked,
  properties: Type.Object({
    provisioningState: Type.String(),
    source: Type.String(),
    topicType: Type.String(),
    metricResourceId: Type.String(),
  }),
});
export type SystemTopic = Static<typeof SystemTopic>;

const path = `${GROUP_PATH}/providers/${EVENT_GRID}/systemTopics`;
const params = Type.Object({ ...GroupParams, systemTopicName: Type.String({ maxLength: 128 }) });

export const putSystemTopic = operation({
  ...arm,
  id: 'SystemTopics_CreateOrUpdate',
  method: 'PUT',
  path: `${path}/{systemTopicName}`,
  summary: 'Gives the events of a resource a name to subscribe to',
  params,
  query: VersionQuery,
  body: SystemTopicInput,
  responses: { 200: SystemTopic, 201: SystemTopic },
});
export const patchSystemTopic = operation({
  ...arm,
  id: 'SystemTopics_Update',
  method: 'PATCH',
  path: `${path}/{systemTopicName}`,
  summary: 'Changes the tags of a system topic',
  params,
  query: VersionQuery,
  body: Type.Object({ tags: TrackedInput.tags }),
  responses: { 200: SystemTopic },
});
export const getSystemTopic = operation({
  ...arm,
  id: 'SystemTopics_Get',
  method: 'GET',
  path: `${path}/{systemTopicName}`,
  summary: 'Gets a system topic',
  params,
  query: VersionQuery,
  responses: { 200: SystemTopic },
});
export const deleteSystemTopic = operation({
  ...arm,
  id: 'SystemTopics_Delete',
  method: 'DELETE',
  path: `${path}/{systemTopicName}`,
  summary: 'Deletes a system topic with the event subscriptions of its source',
  params,
  query: VersionQuery,
  responses: { 200: null, 204: null },
});
export const listSystemTopicsByResourceGroup = operation({
  ...arm,
  id: 'SystemTopics_ListByResourceGroup',
  method: 'GET',
  path,
  summary: 'Lists the system topics of a group',
  params: Type.Object(GroupParams),
  query: ListQuery,
  responses: { 200: listOf(SystemTopic) },
});
export const listSystemTopicsBySubscription = operation({
  ...arm,
  id: 'SystemTopics_ListBySubscription',
  method: 'GET',
  path: `/subscriptions/{subscriptionId}/providers/${EVENT_GRID}/systemTopics`,
  summary: 'Lists all system topics',
  params: Type.Object(SubscriptionParams),
  query: ListQuery,
  responses: { 200: listOf(SystemTopic) },
});
