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

/** What publishers send, in the words of topics; {@link EventSchema} says the same in the words of subscriptions. */
export const INPUT_SCHEMAS = ['EventGridSchema', 'CloudEventSchemaV1_0', 'CustomEventSchema'] as const;
export type InputSchema = (typeof INPUT_SCHEMAS)[number];
export const InputSchema = Type.Unsafe<InputSchema>({ type: 'string', enum: [...INPUT_SCHEMAS] });

const Field = Type.Object({ sourceField: absent(Type.String({ maxLength: 512 })) });
const FieldWithDefault = Type.Object({
  sourceField: absent(Type.String({ maxLength: 512 })),
  defaultValue: absent(Type.String({ maxLength: 512 })),
});

/** Which members of a custom event stand for those of the Event Grid schema. */
export const InputSchemaMapping = Type.Object({
  inputSchemaMappingType: Type.String({ maxLength: 64 }),
  properties: absent(
    Type.Object({
      id: absent(Field),
      topic: absent(Field),
      eventTime: absent(Field),
      eventType: absent(FieldWithDefault),
      subject: absent(FieldWithDefault),
      dataVersion: absent(FieldWithDefault),
    }),
  ),
});
export type InputSchemaMapping = Static<typeof InputSchemaMapping>;

const changeable = {
  /** `Enabled`; `Disabled` is refused, since there is no private network. */
  publicNetworkAccess: absent(Type.String({ maxLength: 64 })),
  /** Addresses that may publish; refused unless empty. */
  inboundIpRules: absent(
    Type.Array(Type.Object({ ipMask: absent(Type.String({ maxLength: 64 })), action: absent(Type.String({ maxLength: 16 })) }), {
      maxItems: 128,
    }),
  ),
  /** Whether keys are refused (false). */
  disableLocalAuth: absent(Type.Boolean()),
  dataResidencyBoundary: absent(Type.String({ maxLength: 64 })),
};

export const TopicInput = Type.Object({
  ...TrackedInput,
  properties: absent(Type.Object({ ...changeable, inputSchema: absent(InputSchema), inputSchemaMapping: absent(InputSchemaMapping) })),
});
export type TopicInput = Static<typeof TopicInput>;

export const TopicPatch = Type.Object({ tags: TrackedInput.tags, properties: absent(Type.Object(changeable)) });
export type TopicPatch = Static<typeof TopicPatch>;

export const ArmTopic = armResource({
  ...tracked,
  properties: Type.Object({
    provisioningState: Type.String(),
    /** Where to publish. */
    endpoint: Type.String(),
    inputSchema: Type.String(),
    inputSchemaMapping: Type.Optional(InputSchemaMapping),
    metricResourceId: Type.String(),
    publicNetworkAccess: Type.String(),
    inboundIpRules: Type.Array(Type.Unknown()),
    disableLocalAuth: Type.Boolean(),
    dataResidencyBoundary: Type.String(),
  }),
});
export type ArmTopic = Static<typeof ArmTopic>;

const Keys = Type.Object({ key1: Type.String(), key2: Type.String() });
const path = `${GROUP_PATH}/providers/${EVENT_GRID}/topics`;
const params = Type.Object({ ...GroupParams, topicName: Type.String({ maxLength: 128 }) });

export const putTopic = operation({
  ...arm,
  id: 'Topics_CreateOrUpdate',
  method: 'PUT',
  path: `${path}/{topicName}`,
  summary: 'Makes a custom topic, or changes the one of this name; its keys stay',
  params,
  query: VersionQuery,
  body: TopicInput,
  responses: { 200: ArmTopic, 201: ArmTopic },
});
export const patchTopic = operation({
  ...arm,
  id: 'Topics_Update',
  method: 'PATCH',
  path: `${path}/{topicName}`,
  summary: 'Changes a custom topic; what is left out stays',
  params,
  query: VersionQuery,
  body: TopicPatch,
  responses: { 200: ArmTopic },
});
export const getTopic = operation({
  ...arm,
  id: 'Topics_Get',
  method: 'GET',
  path: `${path}/{topicName}`,
  summary: 'Gets a custom topic, without its keys',
  params,
  query: VersionQuery,
  responses: { 200: ArmTopic },
});
export const deleteTopic = operation({
  ...arm,
  id: 'Topics_Delete',
  method: 'DELETE',
  path: `${path}/{topicName}`,
  summary: 'Deletes a custom topic with its subscriptions',
  params,
  query: VersionQuery,
  responses: { 200: null, 204: null },
});
export const listTopicKeys = operation({
  ...arm,
  id: 'Topics_ListSharedAccessKeys',
  method: 'POST',
  path: `${path}/{topicName}/listKeys`,
  summary: 'Tells both keys of a custom topic',
  params,
  query: VersionQuery,
  responses: { 200: Keys },
});
export const regenerateTopicKey = operation({
  ...arm,
  id: 'Topics_RegenerateKey',
  method: 'POST',
  path: `${path}/{topicName}/regenerateKey`,
  summary: 'Replaces one key of a custom topic at once',
  params,
  query: VersionQuery,
  body: Type.Object({ keyName: Type.String({ maxLength: 16 }) }),
  responses: { 200: Keys },
});
export const listTopicsByResourceGroup = operation({
  ...arm,
  id: 'Topics_ListByResourceGroup',
  method: 'GET',
  path,
  summary: 'Lists the custom topics of a group',
  params: Type.Object(GroupParams),
  query: ListQuery,
  responses: { 200: listOf(ArmTopic) },
});
export const listTopicsBySubscription = operation({
  ...arm,
  id: 'Topics_ListBySubscription',
  method: 'GET',
  path: `/subscriptions/{subscriptionId}/providers/${EVENT_GRID}/topics`,
  summary: 'Lists all custom topics',
  params: Type.Object(SubscriptionParams),
  query: ListQuery,
  responses: { 200: listOf(ArmTopic) },
});
