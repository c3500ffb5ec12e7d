import { type Static, Type } from 'typebox';
import { absent } from '../common.ts';
import { EVENT_SCHEMAS, type EventSchema } from './event.ts';

/**
 * Event subscriptions in the words and shapes of the Event Grid resource provider (`api-version=2022-06-15`). What the
 * service would not understand is refused by the server, which names it; unknown members are ignored, as everywhere.
 */

/** One condition on a value of the event; conditions are ANDed, the values of one are ORed. */
export const AdvancedFilter = Type.Object({
  /** E.g. `StringBeginsWith`, see the guide to events. */
  operatorType: Type.String({ maxLength: 64 }),
  /** E.g. `data.senderCommunicationIdentifier.rawId`. */
  key: Type.String({ maxLength: 512 }),
  value: absent(Type.Union([Type.Number(), Type.Boolean()])),
  values: absent(Type.Array(Type.Unknown(), { maxItems: 100 })),
});
export type AdvancedFilter = Static<typeof AdvancedFilter>;

export const EventFilter = Type.Object({
  subjectBeginsWith: absent(Type.String({ maxLength: 1024 })),
  subjectEndsWith: absent(Type.String({ maxLength: 1024 })),
  /** All types of the source, when absent, null, or `["All"]`. */
  includedEventTypes: absent(Type.Array(Type.String({ maxLength: 256 }), { maxItems: 500 })),
  isSubjectCaseSensitive: absent(Type.Boolean()),
  enableAdvancedFilteringOnArrays: absent(Type.Boolean()),
  advancedFilters: absent(Type.Array(AdvancedFilter, { maxItems: 100 })),
});
export type EventFilter = Static<typeof EventFilter>;

export const RetryPolicy = Type.Object({
  /** 1 to 30 (30). */
  maxDeliveryAttempts: absent(Type.Integer()),
  /** 1 to 1,440 (1,440). */
  eventTimeToLiveInMinutes: absent(Type.Integer()),
});
export type RetryPolicy = Static<typeof RetryPolicy>;

/** A header of each delivery: a fixed value, or one taken from the event. */
export const DeliveryAttribute = Type.Object({
  type: Type.Unsafe<'Static' | 'Dynamic'>({ type: 'string', enum: ['Static', 'Dynamic'] }),
  name: Type.String({ maxLength: 256 }),
  properties: absent(
    Type.Object({
      value: absent(Type.String({ maxLength: 4096 })),
      isSecret: absent(Type.Boolean()),
      sourceField: absent(Type.String({ maxLength: 512 })),
    }),
  ),
});
export type DeliveryAttribute = Static<typeof DeliveryAttribute>;

/** Where events go. Which members count depends on `endpointType`. */
export const EventDestination = Type.Object({
  /** `WebHook`, `AzureFunction` or `StorageQueue`. */
  endpointType: Type.String({ maxLength: 64 }),
  properties: absent(
    Type.Object({
      /** Of a webhook. Its query may hold a secret: it is shown by `getFullUrl` only. */
      endpointUrl: absent(Type.String({ maxLength: 4096 })),
      endpointBaseUrl: absent(Type.String({ maxLength: 4096 })),
      maxEventsPerBatch: absent(Type.Integer()),
      preferredBatchSizeInKilobytes: absent(Type.Integer()),
      azureActiveDirectoryTenantId: absent(Type.String({ maxLength: 256 })),
      azureActiveDirectoryApplicationIdOrUri: absent(Type.String({ maxLength: 512 })),
      deliveryAttributeMappings: absent(Type.Array(DeliveryAttribute, { maxItems: 100 })),
      /** Of a function or a storage account. */
      resourceId: absent(Type.String({ maxLength: 1024 })),
      queueName: absent(Type.String({ maxLength: 128 })),
      queueMessageTimeToLiveInSeconds: absent(Type.Integer()),
    }),
  ),
});
export type EventDestination = Static<typeof EventDestination>;

/** Where events go that could not be delivered. */
export const DeadLetterDestination = Type.Object({
  /** `StorageBlob`, or `Folder`: a folder of the server, for tests and small installations. */
  endpointType: Type.String({ maxLength: 64 }),
  properties: absent(
    Type.Object({
      resourceId: absent(Type.String({ maxLength: 1024 })),
      blobContainerName: absent(Type.String({ maxLength: 128 })),
    }),
  ),
});
export type DeadLetterDestination = Static<typeof DeadLetterDestination>;

const definition = {
  destination: absent(EventDestination),
  filter: absent(EventFilter),
  labels: absent(Type.Array(Type.String({ maxLength: 256 }), { maxItems: 100 })),
  /** ISO 8601. From then on nothing is delivered. */
  expirationTimeUtc: absent(Type.String({ maxLength: 64 })),
  eventDeliverySchema: absent(Type.Unsafe<EventSchema>({ type: 'string', enum: [...EVENT_SCHEMAS] })),
  retryPolicy: absent(RetryPolicy),
  deadLetterDestination: absent(DeadLetterDestination),
};

/** What a caller says of a subscription. */
export const EventSubscriptionDefinition = Type.Object(definition);
export type EventSubscriptionDefinition = Static<typeof EventSubscriptionDefinition>;

export const PROVISIONING_STATES = ['Creating', 'Updating', 'Succeeded', 'Failed', 'AwaitingManualAction'] as const;
export type ProvisioningState = (typeof PROVISIONING_STATES)[number];
