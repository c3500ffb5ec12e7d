import { type Static, type TProperties, Type } from 'typebox';
import { absent } from '../common.ts';
import {
  DeadLetterDestination,
  DeliveryAttribute,
  EventDestination,
  EventFilter,
  EventSubscriptionDefinition,
  RetryPolicy,
} from '../events/subscription.ts';
import { operation } from '../operation.ts';
import { arm, armResource, EVENT_GRID, GROUP_PATH, GroupParams, ListQuery, listOf, SubscriptionParams, VersionQuery } from './arm.ts';

export const ArmEventSubscription = armResource({
  properties: Type.Object({
    /** ARM id of the source. */
    topic: Type.String(),
    provisioningState: Type.String(),
    /** Without secrets: `endpointBaseUrl` in the place of `endpointUrl`. */
    destination: EventDestination,
    filter: EventFilter,
    labels: Type.Array(Type.String()),
    eventDeliverySchema: Type.String(),
    retryPolicy: RetryPolicy,
    expirationTimeUtc: Type.Optional(Type.String()),
    deadLetterDestination: Type.Optional(DeadLetterDestination),
  }),
});
export type ArmEventSubscription = Static<typeof ArmEventSubscription>;

const identities = {
  /** Refused: there are no managed identities. */
  deliveryWithResourceIdentity: absent(Type.Object({})),
  deadLetterWithResourceIdentity: absent(Type.Object({})),
};
const Definition = Type.Object({ ...EventSubscriptionDefinition.properties, ...identities });
export type ArmEventSubscriptionDefinition = Static<typeof Definition>;

const ofOne = { eventSubscriptionName: Type.String({ maxLength: 64 }) };

interface SourcePath<T extends TProperties> {
  readonly id: string;
  /** Id of the source. */
  readonly path: string;
  /** What it is, for people. */
  readonly of: string;
  readonly params: T;
}

/** What changes the event subscriptions of a source. */
function changesOf<T extends TProperties>({ id, path, of, params: ofSource }: SourcePath<T>) {
  const one = `${path}/eventSubscriptions/{eventSubscriptionName}`;
  const params = Type.Object({ ...ofSource, ...ofOne });
  return {
    put: operation({
      ...arm,
      id: `${id}_CreateOrUpdate`,
      method: 'PUT',
      path: one,
      summary: `Subscribes an endpoint to ${of}, or puts a subscription in the place of the one of this name`,
      params,
      query: VersionQuery,
      body: Type.Object({ properties: Definition }),
      responses: { 201: ArmEventSubscription },
    }),
    patch: operation({
      ...arm,
      id: `${id}_Update`,
      method: 'PATCH',
      path: one,
      summary: `Changes an event subscription of ${of}; what is left out stays`,
      params,
      query: VersionQuery,
      body: Definition,
      responses: { 201: ArmEventSubscription },
    }),
    delete: operation({
      ...arm,
      id: `${id}_Delete`,
      method: 'DELETE',
      path: one,
      summary: `Ends an event subscription of ${of}`,
      params,
      query: VersionQuery,
      responses: { 200: null, 204: null },
    }),
  } as const;
}

/** What shows the event subscriptions of a source. */
function viewsOf<T extends TProperties>({ id, path, of, params: ofSource }: SourcePath<T>) {
  const one = `${path}/eventSubscriptions/{eventSubscriptionName}`;
  const params = Type.Object({ ...ofSource, ...ofOne });
  return {
    list: operation({
      ...arm,
      id: `${id}_List`,
      method: 'GET',
      path: `${path}/eventSubscriptions`,
      summary: `Lists the event subscriptions of ${of}`,
      params: Type.Object(ofSource),
      query: ListQuery,
      responses: { 200: listOf(ArmEventSubscription) },
    }),
    get: operation({
      ...arm,
      id: `${id}_Get`,
      method: 'GET',
      path: one,
      summary: `Gets an event subscription of ${of}, without its secrets`,
      params,
      query: VersionQuery,
      responses: { 200: ArmEventSubscription },
    }),
    getFullUrl: operation({
      ...arm,
      id: `${id}_GetFullUrl`,
      method: 'POST',
      path: `${one}/getFullUrl`,
      summary: 'Tells the whole address of a webhook, with its secret query',
      params,
      query: VersionQuery,
      responses: { 200: Type.Object({ endpointUrl: Type.String() }) },
    }),
    getDeliveryAttributes: operation({
      ...arm,
      id: `${id}_GetDeliveryAttributes`,
      method: 'POST',
      path: `${one}/getDeliveryAttributes`,
      summary: 'Tells the headers that each delivery carries, with their secret values',
      params,
      query: VersionQuery,
      responses: { 200: Type.Object({ value: Type.Array(DeliveryAttribute) }) },
    }),
  } as const;
}

const ofResource = {
  id: 'EventSubscriptions',
  of: 'a resource or a custom topic',
  path: `${GROUP_PATH}/providers/{providerNamespace}/{resourceTypeName}/{resourceName}/providers/${EVENT_GRID}`,
  params: {
    ...GroupParams,
    providerNamespace: Type.String({ maxLength: 64 }),
    resourceTypeName: Type.String({ maxLength: 64 }),
    resourceName: Type.String({ maxLength: 128 }),
  },
};
const ofTopic = {
  id: 'TopicEventSubscriptions',
  of: 'a custom topic, or of the source of a system topic',
  path: `${GROUP_PATH}/providers/${EVENT_GRID}/{topicKind}/{topicName}`,
  params: { ...GroupParams, topicKind: Type.String({ maxLength: 64 }), topicName: Type.String({ maxLength: 128 }) },
};

export const { put: putEventSubscription, patch: patchEventSubscription, delete: deleteArmEventSubscription } = changesOf(ofResource);
export const { list: listByResource, get: getEventSubscription, getFullUrl, getDeliveryAttributes } = viewsOf(ofResource);
export const {
  put: putTopicEventSubscription,
  patch: patchTopicEventSubscription,
  delete: deleteTopicEventSubscription,
} = changesOf(ofTopic);
export const {
  list: listByTopic,
  get: getTopicEventSubscription,
  getFullUrl: getTopicFullUrl,
  getDeliveryAttributes: getTopicDeliveryAttributes,
} = viewsOf(ofTopic);

/** Lists that reach beyond one source; they differ in their path alone. */
function lists<T extends TProperties>(of: { readonly id: string; readonly path: string; readonly summary: string; readonly params: T }) {
  const params = Type.Object(of.params);
  return operation({
    ...arm,
    ...of,
    method: 'GET',
    path: `${of.path}/eventSubscriptions`,
    params,
    query: ListQuery,
    responses: { 200: listOf(ArmEventSubscription) },
  });
}

const ofTopicType = { topicTypeName: Type.String({ maxLength: 128 }) };
const ofLocation = { location: Type.String({ maxLength: 64 }) };
const inSubscription = `/subscriptions/{subscriptionId}/providers/${EVENT_GRID}`;
const inGroup = `${GROUP_PATH}/providers/${EVENT_GRID}`;

export const listGlobalBySubscription = lists({
  id: 'EventSubscriptions_ListGlobalBySubscription',
  path: inSubscription,
  summary: 'Lists the event subscriptions of all global sources: communication resources',
  params: SubscriptionParams,
});
export const listGlobalBySubscriptionForTopicType = lists({
  id: 'EventSubscriptions_ListGlobalBySubscriptionForTopicType',
  path: `${inSubscription}/topicTypes/{topicTypeName}`,
  summary: 'Lists the event subscriptions of all global sources of a type',
  params: { ...SubscriptionParams, ...ofTopicType },
});
export const listGlobalByResourceGroup = lists({
  id: 'EventSubscriptions_ListGlobalByResourceGroup',
  path: inGroup,
  summary: 'Lists the event subscriptions of the global sources of a group',
  params: GroupParams,
});
export const listGlobalByResourceGroupForTopicType = lists({
  id: 'EventSubscriptions_ListGlobalByResourceGroupForTopicType',
  path: `${inGroup}/topicTypes/{topicTypeName}`,
  summary: 'Lists the event subscriptions of the global sources of a group and a type',
  params: { ...GroupParams, ...ofTopicType },
});
export const listRegionalBySubscription = lists({
  id: 'EventSubscriptions_ListRegionalBySubscription',
  path: `${inSubscription}/locations/{location}`,
  summary: 'Lists the event subscriptions of all sources of a location: custom topics',
  params: { ...SubscriptionParams, ...ofLocation },
});
export const listRegionalBySubscriptionForTopicType = lists({
  id: 'EventSubscriptions_ListRegionalBySubscriptionForTopicType',
  path: `${inSubscription}/locations/{location}/topicTypes/{topicTypeName}`,
  summary: 'Lists the event subscriptions of all sources of a location and a type',
  params: { ...SubscriptionParams, ...ofLocation, ...ofTopicType },
});
export const listRegionalByResourceGroup = lists({
  id: 'EventSubscriptions_ListRegionalByResourceGroup',
  path: `${inGroup}/locations/{location}`,
  summary: 'Lists the event subscriptions of the sources of a group and a location',
  params: { ...GroupParams, ...ofLocation },
});
export const listRegionalByResourceGroupForTopicType = lists({
  id: 'EventSubscriptions_ListRegionalByResourceGroupForTopicType',
  path: `${inGroup}/locations/{location}/topicTypes/{topicTypeName}`,
  summary: 'Lists the event subscriptions of the sources of a group, a location and a type',
  params: { ...GroupParams, ...ofLocation, ...ofTopicType },
});

/** How a long-running operation goes; `Azure-AsyncOperation` points here. */
export const getArmOperation = operation({
  ...arm,
  polled: true,
  id: 'EventGrid_GetOperationStatus',
  method: 'GET',
  path: `${inSubscription}/locations/{location}/operationsStatus/{operationId}`,
  summary: 'Tells how a long-running operation goes, and why it failed',
  params: Type.Object({ ...SubscriptionParams, ...ofLocation, operationId: Type.String({ maxLength: 128 }) }),
  query: VersionQuery,
  responses: {
    200: Type.Object({
      id: Type.String(),
      name: Type.String(),
      /** `InProgress`, `Succeeded` or `Failed`. */
      status: Type.String(),
      error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
    }),
  },
});
