import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IDENTITY_SDKS } from '../../lib/identity-clients.ts';
import { errorOf, jsonOf } from '../../lib/raw-request.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { tokenRequest } from '../../lib/token-request.ts';

const GUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const RAW_ID = new RegExp(`^8:acs:(${GUID})_${GUID}$`);

interface Created {
  readonly identity: { readonly id: string };
  readonly accessToken?: { readonly token: string; readonly expiresOn: string };
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe.each(IDENTITY_SDKS)('identity SDK $version', ({ connect }) => {
  it('R10: users get raw ids with the GUID of their resource, no two alike', async () => {
    const client = connect(server.connectionString);
    const users = await Promise.all(Array.from({ length: 20 }, () => client.createUser()));
    const ids = users.map((user) => user.communicationUserId);
    expect(new Set(ids).size).toBe(20);
    const { body } = await server.admin<{ immutableResourceId: string }>('GET', '/admin/resources/local');
    expect(new Set(ids.map((id) => RAW_ID.exec(id)?.[1]))).toEqual(new Set([body.immutableResourceId]));
  });

  it('R22: one call gives a user and a working token', async () => {
    const { user, token, expiresOn } = await connect(server.connectionString).createUserAndToken(['chat']);
    expect(user.communicationUserId).toMatch(RAW_ID);
    expect(expiresOn.getTime()).toBeGreaterThan(Date.now());
    expect((await tokenRequest(server.endpoint, token)).status).toBe(200);
  });

  it('R21: deleting a user ends its tokens at once, and may be asked twice', async () => {
    const client = connect(server.connectionString);
    const { user, token } = await client.createUserAndToken(['chat']);
    await client.deleteUser(user);
    expect((await tokenRequest(server.endpoint, token)).status).toBe(401);
    await client.deleteUser(user);
    await expect(client.getToken(user, ['chat'])).rejects.toMatchObject({ statusCode: 404, code: 'NotFound' });
  });
});

describe('users over REST', () => {
  it.each([
    ['no body', undefined],
    ['an empty object', {}],
    ['explicit nulls', { createTokenWithScopes: null, expiresInMinutes: null, customId: null }],
    ['fields unknown to it', { colour: 'blue' }],
  ])('R10: a user is created with %s', async (_, body) => {
    const answer = await post('/identities', body);
    expect(answer.status).toBe(201);
    expect(jsonOf<Created>(answer)).toEqual({ identity: { id: expect.stringMatching(RAW_ID) as string } });
  });

  it('R10: the same custom id gives the same user, another one another', async () => {
    const first = await createdWith('customer-17');
    expect(await createdWith('customer-17')).toBe(first);
    expect(await createdWith('customer-18')).not.toBe(first);
  });

  it('R10: parallel creations under one custom id give one user', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => createdWith('customer-in-parallel')));
    expect(new Set(ids).size).toBe(1);
  });

  it('R10: a custom id has at most 256 characters', async () => {
    const longest = 'c'.repeat(256);
    expect(await createdWith(longest)).toMatch(RAW_ID);
    const refused = await post('/identities', { customId: `${longest}c` });
    expect(refused.status).toBe(400);
    expect(errorOf(refused)).toMatchObject({ target: 'customId', message: expect.stringContaining('256') as string });
  });

  it('R10: a user tells its custom id and when it last got a token', async () => {
    const { identity } = jsonOf<Created>(await post('/identities', { customId: 'told' }));
    const path = `/identities/${encodeURIComponent(identity.id)}`;
    expect(jsonOf(await signedRequest(server.connectionString, { method: 'GET', path }))).toEqual({ id: identity.id, customId: 'told' });
    await post(`${path}/:issueAccessToken`, { scopes: ['chat'] });
    const after = jsonOf<{ lastTokenIssuedAt: string }>(await signedRequest(server.connectionString, { method: 'GET', path }));
    expect(Math.abs(Date.parse(after.lastTokenIssuedAt) - Date.now())).toBeLessThan(60_000);
  });

  it('R21: after its deletion a custom id stands for a new user', async () => {
    const first = await createdWith('comes-back');
    const path = `/identities/${encodeURIComponent(first)}`;
    expect((await signedRequest(server.connectionString, { method: 'DELETE', path })).status).toBe(204);
    expect((await signedRequest(server.connectionString, { method: 'GET', path })).status).toBe(404);
    expect(await createdWith('comes-back')).not.toBe(first);
  });
});

function post(path: string, body?: unknown) {
  return signedRequest(server.connectionString, { method: 'POST', path, body });
}

async function createdWith(customId: string): Promise<string> {
  return jsonOf<Created>(await post('/identities', { customId })).identity.id;
}
