import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeJwt } from '../../lib/jwt.ts';
import { OidcIssuer } from '../../lib/oidc-issuer.ts';
import { errorOf, jsonOf, rawRequest } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { whyOf } from '../../lib/why.ts';

const TENANT_ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const CLIENT_ID = 'cccccccc-0000-4000-8000-000000000003';
const VERSION = 'api-version=2025-06-30';

let issuer: OidcIssuer;
let server: TestServer;
beforeAll(async () => {
  issuer = await OidcIssuer.start();
  server = await startServer({ args: issuer.flags });
});
afterAll(async () => {
  await server.stop();
  await issuer[Symbol.asyncDispose]();
});

describe('Teams-phone assignments', () => {
  it('R90: are created, replaced, read and deleted', async () => {
    const objectId = 'person-1';
    const created = await assignment('PUT', objectId, { principalType: 'user', clientIds: [CLIENT_ID] });
    expect(created.status).toBe(201);
    const shown = { objectId, tenantId: TENANT_ID, principalType: 'user', clientIds: [CLIENT_ID] };
    expect(jsonOf(created)).toEqual(shown);
    expect(jsonOf(await assignment('GET', objectId))).toEqual(shown);
    const replaced = await assignment('PUT', objectId, { principalType: 'resourceAccount' });
    expect(replaced.status).toBe(200);
    expect(jsonOf(await assignment('GET', objectId))).toEqual({ objectId, tenantId: TENANT_ID, principalType: 'resourceAccount' });
    expect((await assignment('DELETE', objectId)).status).toBe(204);
    expect((await assignment('DELETE', objectId)).status).toBe(204);
    expect((await assignment('GET', objectId)).status).toBe(404);
  });

  it.each([
    ['no kind', {}, 'principalType'],
    ['an unknown kind', { principalType: 'robot' }, 'principalType'],
    ['a text as clients', { principalType: 'user', clientIds: 'x' }, 'clientIds'],
    ['101 clients', { principalType: 'user', clientIds: Array.from({ length: 101 }, String) }, 'clientIds'],
  ])('R90: with %s are refused, and the field named', async (_, body, target) => {
    const answer = await assignment('PUT', 'person-2', body);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).target).toBe(target);
    expect((await assignment('GET', 'person-2')).status).toBe(404);
  });

  it('R4: of one resource are unknown to another', async () => {
    await assignment('PUT', 'person-3', { principalType: 'user' });
    const { primaryConnectionString } = await newResource(server);
    const path = `/access/teamsExtension/tenants/${TENANT_ID}/assignments/person-3?${VERSION}`;
    expect((await signedRequest(primaryConnectionString, { method: 'GET', path })).status).toBe(404);
    expect((await signedRequest(primaryConnectionString, { method: 'DELETE', path })).status).toBe(204);
    expect((await assignment('GET', 'person-3')).status).toBe(200);
  });
});

describe('Teams-phone exchange', () => {
  it('R90: gives an assigned person a three-part identity and a token for calls', async () => {
    await assignment('PUT', 'person-4', { principalType: 'user', clientIds: [CLIENT_ID] });
    const answer = await exchange('person-4', CLIENT_ID);
    expect(answer.status).toBe(200);
    const { identity, accessToken } = jsonOf<{ identity: { id: string }; accessToken: { token: string } }>(answer);
    expect(identity.id).toMatch(new RegExp(`^8:acs:[0-9a-f-]{36}_${TENANT_ID}_person-4$`));
    expect(decodeJwt(accessToken.token).claims['acsScope']).toBe('voip');
  });

  it('R90: refuses a person who is not assigned', async () => {
    const answer = await exchange('nobody', CLIENT_ID);
    expect(answer.status).toBe(404);
    expect(await whyOf(server, answer)).toMatchObject({ rule: 'entra.no-assignment', cure: expect.stringContaining('PUT') as string });
  });

  it('R90: refuses a client that the assignment does not list', async () => {
    await assignment('PUT', 'person-5', { principalType: 'user', clientIds: [CLIENT_ID] });
    const answer = await exchange('person-5', 'another-client');
    expect(answer.status).toBe(401);
    expect(await whyOf(server, answer)).toMatchObject({ rule: 'entra.claim-mismatch' });
  });

  it('R19: ends with the assignment', async () => {
    await assignment('PUT', 'person-6', { principalType: 'user' });
    expect((await exchange('person-6', CLIENT_ID)).status).toBe(200);
    await assignment('DELETE', 'person-6');
    expect((await exchange('person-6', CLIENT_ID)).status).toBe(404);
  });
});

function assignment(method: string, objectId: string, body?: object) {
  const path = `/access/teamsExtension/tenants/${TENANT_ID}/assignments/${objectId}?${VERSION}`;
  return signedRequest(server.connectionString, { method, path, body });
}

function exchange(oid: string, appid: string) {
  const token = issuer.token({ claims: { oid, appid, tid: TENANT_ID, scp: 'TeamsExtension.ManageCalls' } });
  const target = `/access/teamsExtension/:exchangeAccessToken?${VERSION}`;
  return rawRequest({ endpoint: server.endpoint, method: 'POST', target, headers: { authorization: `Bearer ${token}` } });
}
