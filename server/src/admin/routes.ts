import {
  advanceClock,
  createAdminIdentity,
  createResource,
  deleteResource,
  getClock,
  getHealth,
  getLimits,
  getReady,
  getRequest,
  getResource,
  getStatus,
  listRequests,
  listResources,
  regenerateKey,
  type ResourceWithKeys,
  setClock,
} from '@switchboard/contract';
import { type HttpServer, reply } from '../http/index.ts';
import { type IdentityService, wireToken } from '../identity/index.ts';
import type { Limits, LimitsOptions } from '../limits/index.ts';
import type { Resource, ResourceService } from '../resources/index.ts';
import type { ClockControl } from './clock-control.ts';
import { adminErrors } from './errors.ts';

export interface ServerStatus {
  readonly version: string;
  readonly pid: number;
  readonly endpoint: string;
  readonly httpEndpoint?: string;
  readonly caFile: string;
  readonly database: string;
  readonly uptimeSeconds: number;
  readonly liveConnections: number;
}

export interface AdminRoutes {
  readonly resources: ResourceService;
  readonly identities: IdentityService;
  readonly clock: ClockControl;
  readonly limits: Limits;
  readonly status: () => ServerStatus;
  readonly isReady: () => boolean;
}

const DEFAULT_RESOURCE = 'local';
const DEFAULT_REQUESTS = 100;

export function registerAdminRoutes(http: HttpServer, admin: AdminRoutes): void {
  const { resources, identities, clock, limits } = admin;

  http.route(getHealth, () => reply(200, { status: 'alive' as const }));
  http.route(getReady, () => {
    if (!admin.isReady()) throw adminErrors.notReady();
    return reply(200, { status: 'ready' as const });
  });
  http.route(getStatus, () =>
    reply(200, { ...admin.status(), clock: clock.describe().kind, limits: limits.preset, resources: resources.count }),
  );

  registerResourceRoutes(http, admin);

  http.route(createAdminIdentity, async ({ body }) => {
    const resource = resources.byName(body.resource ?? DEFAULT_RESOURCE);
    const version = resource.accessKeys.find((key) => key.slot === 'primary')?.version ?? 1;
    const scopes = body.scopes ?? [];
    const wish = scopes.length === 0 ? {} : { token: { scopes, expiresInMinutes: body.expiresInMinutes } };
    const { id, token } = await identities.create({ resource, key: { slot: 'primary', version } }, wish);
    return reply(201, { identity: { id }, ...(token === undefined ? {} : { accessToken: wireToken(token) }) });
  });

  http.route(getClock, () => reply(200, clock.describe()));
  http.route(advanceClock, async ({ body }) => {
    await clock.advance(body);
    return reply(200, clock.describe());
  });
  http.route(setClock, async ({ body }) => {
    await clock.set(body.to);
    return reply(200, clock.describe());
  });

  http.route(listRequests, ({ query }) =>
    reply(200, { value: http.requests.list({ limit: query.limit ?? DEFAULT_REQUESTS, refusedOnly: query.refused ?? false }) }),
  );
  http.route(getRequest, ({ params }) => {
    const found = http.requests.find(params.requestId);
    if (found === undefined) throw adminErrors.unknownRequest(params.requestId);
    return reply(200, found);
  });
  http.route(getLimits, () => reply(200, { preset: limits.preset, value: limits.rows() }));
}

function registerResourceRoutes(http: HttpServer, { resources, status }: Pick<AdminRoutes, 'resources' | 'status'>): void {
  const shown = (resource: Resource): ResourceWithKeys => withKeys(resource, status().endpoint);
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
  http.route(deleteResource, async ({ params }) => {
    await resources.delete(params.name);
    return reply(204);
  });
  http.route(regenerateKey, async ({ params, body }) => reply(200, shown(await resources.regenerateKey(params.name, body.keyType))));
}

function limitsOf(given: string | Readonly<Record<string, number | null>> | undefined): LimitsOptions | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'string') return { preset: 'custom', values: given };
  return { preset: given === 'azure' ? 'azure' : 'handbook' };
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
  };
}
