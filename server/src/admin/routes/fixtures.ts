import { getFixtures, loadFixtures } from '@switchboard/contract';
import { type HttpServer, reply } from '../../http/index.ts';
import type { ResourceService } from '../../resources/index.ts';
import type { Fixtures } from '../fixtures/fixtures.ts';
import { DEFAULT_RESOURCE } from './resources.ts';

export interface FixtureRoutes {
  readonly fixtures: Fixtures;
  readonly resources: ResourceService;
}

export function registerFixtureRoutes(http: HttpServer, { fixtures, resources }: FixtureRoutes): void {
  http.route(loadFixtures, async ({ body }) => reply(201, await fixtures.load(resources.byName(body.resource ?? DEFAULT_RESOURCE), body)));
  http.route(getFixtures, async () => {
    const { users, threads, phoneNumbers, ...load } = (await fixtures.last()) ?? { users: {}, threads: {} };
    return reply(200, { ...load, users: { ...users }, threads: { ...threads }, phoneNumbers: { ...phoneNumbers } });
  });
}
