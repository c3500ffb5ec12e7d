import { type TProperties, type TSchema, Type } from 'typebox';
import { absent } from '../common.ts';

/**
 * Resource management (ARM) as `@azure/arm-eventgrid` calls it: ids of resources as paths, in any case of letters. Shapes
 * and words of the Event Grid resource provider.
 */

/** Published versions of the provider that have what is served here; all are served alike. */
export const ARM_VERSIONS = [
  '2022-06-15',
  '2020-06-01',
  '2020-10-15-preview',
  '2021-06-01-preview',
  '2021-10-15-preview',
  '2021-12-01',
  '2023-06-01-preview',
  '2023-12-15-preview',
  '2024-06-01-preview',
  '2024-12-15-preview',
  '2025-02-15',
  '2025-04-01-preview',
  '2025-07-15-preview',
] as const;

export const arm = { auth: 'arm', apiVersion: ARM_VERSIONS } as const;

export const EVENT_GRID = 'Microsoft.EventGrid';

/** Where a resource lies: every id begins like this. */
export const GROUP_PATH = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}';
export const GroupParams = {
  subscriptionId: Type.String({ maxLength: 64 }),
  resourceGroupName: Type.String({ maxLength: 90 }),
};
export const SubscriptionParams = { subscriptionId: GroupParams.subscriptionId };

export const VersionQuery = Type.Object({ 'api-version': Type.Optional(Type.String()) });
export const ListQuery = Type.Object({
  'api-version': Type.Optional(Type.String()),
  /** `name eq 'x'`, `contains(name, 'x')`, joined by `and` and `or`. */
  $filter: Type.Optional(Type.String({ maxLength: 1024 })),
  /** Most items of a page (20). */
  $top: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  /** Where a page begins; part of `nextLink`. */
  $skipToken: Type.Optional(Type.String({ maxLength: 512 })),
});

/** What every resource has. */
export const armResource = <T extends TProperties>(properties: T) =>
  Type.Object({ id: Type.String(), name: Type.String(), type: Type.String(), ...properties });

export const listOf = <T extends TSchema>(item: T) => Type.Object({ value: Type.Array(item), nextLink: Type.Optional(Type.String()) });

const Tags = Type.Unsafe<Record<string, string>>({ type: 'object', additionalProperties: { type: 'string' } });
export const tracked = { location: Type.String(), tags: Type.Optional(Tags) };
export const TrackedInput = { location: absent(Type.String({ maxLength: 64 })), tags: absent(Tags) };
