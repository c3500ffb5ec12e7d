import type { ResourceWithKeys } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLatest } from '../../lib/identity-clients.ts';
import type { ErrorBody } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { tokenRequest } from '../../lib/token-request.ts';
import { whyOf } from '../../lib/why.ts';

const GEOGRAPHIES = [
  'Africa',
  'Asia Pacific',
  'Australia',
  'Brazil',
  'Canada',
  'Europe',
  'France',
  'Germany',
  'India',
  'Japan',
  'Korea',
  'Norway',
  'Switzerland',
  'UAE',
  'UK',
  'United States',
];

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe('a resource', () => {
  it('R6: comes with endpoint, two keys and two connection strings, each of which works', async () => {
    const resource = await newResource(server, { name: 'fresh' });
    expect(resource).toMatchObject({ name: 'fresh', endpoint: server.endpoint, tier: 'Standard', dataLocation: 'United States' });
    expect(resource.primaryKey).not.toBe(resource.secondaryKey);
    for (const [key, connectionString] of [
      [resource.primaryKey, resource.primaryConnectionString],
      [resource.secondaryKey, resource.secondaryConnectionString],
    ]) {
      expect(Buffer.from(key!, 'base64').length).toBeGreaterThanOrEqual(32);
      expect(connectionString).toBe(`endpoint=${server.endpoint};accesskey=${key!}`);
      const { communicationUserId } = await connectLatest(connectionString!).createUser();
      expect(communicationUserId).toContain(resource.immutableResourceId);
    }
  });

  it('R6: local is there from the start, under the connection string that was printed', async () => {
    const { status, body } = await server.admin<ResourceWithKeys>('GET', '/admin/resources/local');
    expect(status).toBe(200);
    expect(body.primaryConnectionString).toBe(server.connectionString);
  });

  it('R8: shows in the listing, without its keys', async () => {
    const { primaryKey, secondaryKey } = await newResource(server, { name: 'listed' });
    const { body } = await server.admin<{ value: { name: string }[] }>('GET', '/admin/resources');
    expect(body.value.map(({ name }) => name)).toEqual(expect.arrayContaining(['listed', 'local']));
    expect(JSON.stringify(body)).not.toContain(primaryKey);
    expect(JSON.stringify(body)).not.toContain(secondaryKey);
  });

  it.each([
    ['an empty name', { name: '' }, 'name'],
    ['a name of 64 characters', { name: 'x'.repeat(64) }, 'name'],
    ['a hyphen at the end', { name: 'x-' }, 'name'],
    ['a dot in the name', { name: 'a.b' }, 'name'],
    ['a space in the name', { name: 'a b' }, 'name'],
    ['no name', {}, 'name'],
    ['a number as name', { name: 7 }, 'name'],
    ['an unknown geography', { name: 'where', dataLocation: 'Atlantis' }, 'dataLocation'],
    ['an unknown tier', { name: 'which', tier: 'Gold' }, 'tier'],
  ])('R1: with %s is refused, and the field named', async (_, body, target) => {
    const answer = await server.admin<{ error: ErrorBody }>('POST', '/admin/resources', body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.target).toBe(target);
  });

  it('R1: is found under its name in any case, and the name is taken in any case', async () => {
    await newResource(server, { name: 'Mixed-Case' });
    expect((await server.admin('GET', '/admin/resources/MIXED-CASE')).status).toBe(200);
    expect((await server.admin('POST', '/admin/resources', { name: 'mixed-case' })).status).toBe(409);
  });

  it('R1: of a name that ten ask for at once is given to one', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => server.admin('POST', '/admin/resources', { name: 'wanted' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
  });

  it('R5: has the tier Free when asked for', async () => {
    const { body } = await server.admin<ResourceWithKeys>('POST', '/admin/resources', { name: 'free', tier: 'free' });
    expect(body.tier).toBe('Free');
  });
});

describe('the data location', () => {
  it.each(GEOGRAPHIES)('R4: %s is accepted with and without spaces, in any case', async (geography) => {
    for (const dataLocation of [geography, geography.replaceAll(' ', ''), geography.toUpperCase()])
      expect((await newResource(server, { dataLocation })).dataLocation).toBe(geography);
  });

  it('R4: a wrong one is refused with the list of all', async () => {
    const { body } = await server.admin<{ error: ErrorBody }>('POST', '/admin/resources', { name: 'lost', dataLocation: 'global' });
    for (const geography of GEOGRAPHIES) expect(body.error.message).toContain(geography);
  });
});

describe('a deleted resource', () => {
  it('R7: answers no call any more: neither keys nor tokens', async () => {
    const { name, primaryConnectionString } = await newResource(server);
    const client = connectLatest(primaryConnectionString);
    const { token } = await client.createUserAndToken(['chat']);
    expect((await tokenRequest(server.endpoint, token)).status).toBe(200);
    expect((await server.admin('DELETE', `/admin/resources/${name}`)).status).toBe(204);
    await expect(client.createUser()).rejects.toMatchObject({ statusCode: 401, code: 'Denied' });
    const answer = await tokenRequest(server.endpoint, token);
    expect(answer.status).toBe(401);
    expect(await whyOf(server, answer)).toMatchObject({ rule: 'token.resource-unknown' });
    expect((await server.admin('GET', `/admin/resources/${name}`)).status).toBe(404);
    expect((await server.admin('DELETE', `/admin/resources/${name}`)).status).toBe(404);
  });

  it('R7: leaves nothing to one that is created under its name', async () => {
    const first = await newResource(server, { name: 'phoenix' });
    const { user, token } = await connectLatest(first.primaryConnectionString).createUserAndToken(['chat']);
    await server.admin('DELETE', '/admin/resources/phoenix');
    const second = await newResource(server, { name: 'phoenix' });
    expect(second.immutableResourceId).not.toBe(first.immutableResourceId);
    expect((await tokenRequest(server.endpoint, token)).status).toBe(401);
    await expect(connectLatest(second.primaryConnectionString).getToken(user, ['chat'])).rejects.toMatchObject({ statusCode: 404 });
    await expect(connectLatest(first.primaryConnectionString).createUser()).rejects.toMatchObject({ statusCode: 401 });
  });
});

describe('nothing without a resource', () => {
  it('R156: with the last resource deleted, no operation on users works', async () => {
    await using bare = await startServer();
    const { token } = await connectLatest(bare.connectionString).createUserAndToken(['chat']);
    expect((await bare.admin('DELETE', '/admin/resources/local')).status).toBe(204);
    await expect(connectLatest(bare.connectionString).createUser()).rejects.toMatchObject({ statusCode: 401 });
    expect((await tokenRequest(bare.endpoint, token)).status).toBe(401);
    const { primaryConnectionString } = await newResource(bare);
    expect(await connectLatest(primaryConnectionString).createUser()).toBeDefined();
  });
});
