import {
  createAdminIdentity,
  createResource,
  deleteResource,
  getResource,
  listResources,
  regenerateKey,
  type ResourceWithKeys,
  updateResource,
} from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import { messageDaysOf, wireMessageDays } from '../message-days.ts';
import { type IdentityService, wireToken } from '../../identity/index.ts';
import type { LimitsOptions } from '../../limits/index.ts';
import type { Resource, ResourceChange, ResourceService } from '../../resources/index.ts';
import { administratorOf } from '../requester.ts';

export const DEFAULT_RESOURCE = 'local';

export interface ResourceRoutes {
  readonly resources: ResourceService;
  readonly identities: IdentityService;
  /** Public address of the server, for connection strings. */
  readonly endpoint: () => string;
}

export function registerResourceRoutes(http: HttpServer, { resources, identities, endpoint }: ResourceRoutes): void {
  const shown = (resource: Resource): ResourceWithKeys => withKeys(resource, endpoint());
  http.route(listResources, () => {
    const value = [...resources.all()].map((resource) => {
      const { primaryKey: _p, secondaryKey: _s, primaryConnectionString: _pc, secondaryConnectionString: _sc, ...rest } = shown(resource);
      return rest;
    });
    return reply(200, { value: value.sort((a, b) => a.name.localeCompare(b.name)) });
  });
  http.route(createResource, async ({ body }) =>
    reply(
      201,
      shown(
        await resources.create({
          name: body.name,
          dataLocation: body.dataLocation ?? undefined,
          tier: body.tier ?? undefined,
          limits: limitsOf(body.limits ?? undefined),
        }),
      ),
    ),
  );
  http.route(getResource, ({ params }) => reply(200, shown(resources.byName(params.name))));
  http.route(updateResource, async ({ params, body }) => {
    const { limits, messageRetentionDays } = body;
    const change: ResourceChange = {
      ...(limits === undefined ? {} : { limits: limitsOf(limits ?? undefined) ?? null }),
      ...(messageRetentionDays === undefined ? {} : { messageDays: messageDaysOf(messageRetentionDays) }),
    };
    return reply(200, shown(await resources.update(params.name, change)));
  });
  http.route(deleteResource, async ({ params }) => {
    await resources.delete(params.name);
    return reply(204);
  });
  http.route(regenerateKey, async ({ params, body }) => reply(200, shown(await resources.regenerateKey(params.name, body.keyType))));

  http.route(createAdminIdentity, async ({ body }) => {
    const resource = resources.byName(body.resource ?? DEFAULT_RESOURCE);
    const scopes = body.scopes ?? [];
    const wish = scopes.length === 0 ? {} : { token: { scopes, expiresInMinutes: body.expiresInMinutes } };
    const { id, token } = await identities.create(administratorOf(resource), wish);
    return reply(201, { identity: { id }, ...(token === undefined ? {} : { accessToken: wireToken(token) }) });
  });
}

function limitsOf(given: string | Readonly<Record<string, number | null>> | undefined): LimitsOptions | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'string') return { preset: 'custom', values: given };
  return { preset: given === 'azure' ? 'azure' : 'handbook' };
}

function wireLimits({ preset, values }: LimitsOptions): NonNullable<ResourceWithKeys['limits']> {
  return preset === 'custom' ? { ...values } : preset;
}

function withKeys(resource: Resource, endpoint: string): ResourceWithKeys {
  const connectionString = (key: string): string => `endpoint=${endpoint};accesskey=${key}`;
  return {
    name: resource.name,
    immutableResourceId: resource.id,
    dataLocation: resource.dataLocation,
    tier: resource.tier,
    endpoint,
    primaryKey: resource.primaryKey,
    secondaryKey: resource.secondaryKey,
    primaryConnectionString: connectionString(resource.primaryKey),
    secondaryConnectionString: connectionString(resource.secondaryKey),
    ...(resource.ownLimits === undefined ? {} : { limits: wireLimits(resource.ownLimits) }),
    messageRetentionDays: wireMessageDays(resource.messageDays),
    messageRetentionSetBy: resource.ownMessageDays === undefined ? 'limits' : 'resource',
  };
}
