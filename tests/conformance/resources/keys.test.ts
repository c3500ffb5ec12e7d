import type { ResourceWithKeys } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLatest } from '../../lib/identity-clients.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';
import { tokenRequest } from '../../lib/token-request.ts';
import { whyOf } from '../../lib/why.ts';

const SLOTS = [
  { keyType: 'Primary', dying: 'primaryConnectionString', staying: 'secondaryConnectionString' },
  { keyType: 'Secondary', dying: 'secondaryConnectionString', staying: 'primaryConnectionString' },
] as const;
const DENIED = { statusCode: 401, code: 'Denied' };

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe.each(SLOTS)('regenerating the $keyType key', ({ keyType, dying, staying }) => {
  it('R6: kills the old key only, and the new one works', async () => {
    const before = await newResource(server);
    const after = await regenerate(before.name, keyType);
    expect(after[staying]).toBe(before[staying]);
    await expect(connectLatest(before[dying]).createUser()).rejects.toMatchObject(DENIED);
    await connectLatest(after[dying]).createUser();
    await connectLatest(before[staying]).createUser();
  });

  it('R19: ends the tokens that were asked for with it, and no others', async () => {
    const before = await newResource(server);
    const { user, token: dead } = await connectLatest(before[dying]).createUserAndToken(['chat']);
    const { token: alive } = await connectLatest(before[staying]).getToken(user, ['chat']);
    expect((await tokenRequest(server.endpoint, dead)).status).toBe(200);
    const after = await regenerate(before.name, keyType);
    const answer = await tokenRequest(server.endpoint, dead);
    expect(answer.status).toBe(401);
    expect(await whyOf(server, answer)).toMatchObject({ rule: 'token.key-rotated' });
    expect((await tokenRequest(server.endpoint, alive)).status).toBe(200);
    const { token: fresh } = await connectLatest(after[dying]).getToken(user, ['chat']);
    expect((await tokenRequest(server.endpoint, fresh)).status).toBe(200);
  });
});

describe('keys', () => {
  it('R6: both replaced at once are both new', async () => {
    const before = await newResource(server);
    await Promise.all(SLOTS.map(({ keyType }) => regenerate(before.name, keyType)));
    const { body: after } = await server.admin<ResourceWithKeys>('GET', `/admin/resources/${before.name}`);
    for (const { dying } of SLOTS) {
      expect(after[dying]).not.toBe(before[dying]);
      await expect(connectLatest(before[dying]).createUser()).rejects.toMatchObject(DENIED);
      await connectLatest(after[dying]).createUser();
    }
  });

  it('R7: replaced while their resource is deleted do not bring it back', async () => {
    const before = await newResource(server);
    const [, after] = await Promise.all([
      server.admin('DELETE', `/admin/resources/${before.name}`),
      server.admin<ResourceWithKeys>('POST', `/admin/resources/${before.name}/:regenerateKey`, { keyType: 'Primary' }),
    ]);
    expect([200, 404]).toContain(after.status);
    expect((await server.admin('GET', `/admin/resources/${before.name}`)).status).toBe(404);
    await expect(connectLatest(before.secondaryConnectionString).createUser()).rejects.toMatchObject(DENIED);
  });

  it.each(['Tertiary', ''])('R6: there is no key %j', async (keyType) => {
    const { name } = await newResource(server);
    expect((await server.admin('POST', `/admin/resources/${name}/:regenerateKey`, { keyType })).status).toBe(400);
  });

  it('R6: a regenerated key stays so over a restart, and so does the end of its tokens', async () => {
    using folder = new TemporaryFolder();
    let connectionString: string;
    let dead: string;
    {
      await using first = await startServer({ data: folder.path });
      ({ token: dead } = await connectLatest(first.connectionString).createUserAndToken(['chat']));
      const { body } = await first.admin<ResourceWithKeys>('POST', '/admin/resources/local/:regenerateKey', { keyType: 'Primary' });
      connectionString = body.primaryConnectionString;
    }
    await using second = await startServer({ data: folder.path });
    expect(second.connectionString.split('accesskey=')[1]).toBe(connectionString.split('accesskey=')[1]);
    await connectLatest(second.connectionString).createUser();
    expect((await tokenRequest(second.endpoint, dead)).status).toBe(401);
  });
});

async function regenerate(name: string, keyType: string): Promise<ResourceWithKeys> {
  const { status, body } = await server.admin<ResourceWithKeys>('POST', `/admin/resources/${name}/:regenerateKey`, { keyType });
  expect(status).toBe(200);
  return body;
}
