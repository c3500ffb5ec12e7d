import { getHealth, getLimits, getReady, getStatus } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { Limits } from '../../limits/index.ts';
import type { ResourceService } from '../../resources/index.ts';
import type { ClockControl } from '../clock-control.ts';
import { adminErrors } from '../errors.ts';

export interface ServerStatus {
  readonly version: string;
  readonly pid: number;
  readonly endpoint: string;
  readonly httpEndpoint?: string;
  readonly caFile: string;
  readonly database: string;
  readonly uptimeSeconds: number;
  readonly liveConnections: number;
  readonly unreadBytes: number;
}

export interface ServerRoutes {
  readonly resources: ResourceService;
  readonly clock: ClockControl;
  readonly limits: Limits;
  readonly status: () => ServerStatus;
  readonly isReady: () => boolean;
}

export function registerServerRoutes(http: HttpServer, { resources, clock, limits, status, isReady }: ServerRoutes): void {
  http.route(getHealth, () => reply(200, { status: 'alive' as const }));
  http.route(getReady, () => {
    if (!isReady()) throw adminErrors.notReady();
    return reply(200, { status: 'ready' as const });
  });
  http.route(getStatus, () => reply(200, { ...status(), clock: clock.describe().kind, limits: limits.preset, resources: resources.count }));
  http.route(getLimits, () => reply(200, { preset: limits.preset, value: limits.rows() }));
}
