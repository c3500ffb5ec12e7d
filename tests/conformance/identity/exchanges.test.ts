import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLatest, IDENTITY_SDKS } from '../../lib/identity-clients.ts';
import { decodeJwt, makeJwt } from '../../lib/jwt.ts';
import { OidcIssuer, type TokenWish } from '../../lib/oidc-issuer.ts';
import { errorOf, jsonOf, rawRequest } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { tokenRequest } from '../../lib/token-request.ts';
import { whyOf } from '../../lib/why.ts';

const APP_ID = '11111111-1111-4111-8111-111111111111';
const OBJECT_ID = '22222222-2222-4222-8222-222222222222';
const TENANT_ID = '33333333-3333-4333-8333-333333333333';
const PERSON = { appid: APP_ID, oid: OBJECT_ID, tid: TENANT_ID };
const ENTRA_PATH = '/access/entra/:exchangeAccessToken?api-version=2025-03-02-preview';

interface Exchanged {
  readonly identity: { readonly id: string };
  readonly accessToken: { readonly token: string; readonly expiresOn: string };
}

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

describe.each(IDENTITY_SDKS)('Teams user exchange, identity SDK $version', ({ connect }) => {
  it('R90: a Teams user’s directory token gives a token for chat and calls, which ends with it', async () => {
    const teamsUserAadToken = issuer.token({ claims: PERSON });
    const client = connect(server.connectionString);
    const { token, expiresOn } = await client.getTokenForTeamsUser({ teamsUserAadToken, clientId: APP_ID, userObjectId: OBJECT_ID });
    expect(decodeJwt(token).claims).toMatchObject({ skypeid: `orgid:${OBJECT_ID}`, acsScope: 'chat,voip' });
    expect(expiresOn.getTime()).toBe(Number(decodeJwt(teamsUserAadToken).claims['exp']) * 1000);
    expect((await tokenRequest(server.endpoint, token)).status).toBe(200);
  });

  it.each(['', 'invalid', 'a.b.c'])('R90: the directory token %j is refused', async (teamsUserAadToken) => {
    const exchange = connect(server.connectionString).getTokenForTeamsUser({
      teamsUserAadToken,
      clientId: APP_ID,
      userObjectId: OBJECT_ID,
    });
    await expect(exchange).rejects.toMatchObject({ statusCode: 401 });
  });

  it.each([
    ['appId', '', OBJECT_ID],
    ['userId', APP_ID, ''],
  ])('R90: an empty %s is a bad request', async (field, clientId, userObjectId) => {
    const teamsUserAadToken = issuer.token({ claims: PERSON });
    const exchange = connect(server.connectionString).getTokenForTeamsUser({ teamsUserAadToken, clientId, userObjectId });
    await expect(exchange).rejects.toMatchObject({ statusCode: 400, message: expect.stringContaining(field) as string });
  });

  it.each([
    ['application', { clientId: TENANT_ID, userObjectId: OBJECT_ID }],
    ['user', { clientId: APP_ID, userObjectId: TENANT_ID }],
  ])('R90: a token of another %s than the named one is refused', async (_, named) => {
    const exchange = connect(server.connectionString).getTokenForTeamsUser({
      teamsUserAadToken: issuer.token({ claims: PERSON }),
      ...named,
    });
    await expect(exchange).rejects.toMatchObject({ statusCode: 401, message: expect.stringContaining('differs from the claim') as string });
  });
});

describe('directory tokens', () => {
  const past = Math.floor(Date.now() / 1000) - 600;
  const strange = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  it.each([
    ['expired', () => ({ claims: { exp: past } })],
    ['not yet valid', () => ({ claims: { nbf: past + 3600 } })],
    ['for another audience', () => ({ claims: { aud: 'https://graph.microsoft.com/' } })],
    ['of another issuer', () => ({ claims: { iss: 'https://elsewhere.example/' } })],
    ['without an expiry', () => ({ claims: { exp: undefined } })],
    ['signed by another key', () => ({ key: strange })],
    ['of an unknown key id', () => ({ header: { kid: 'unknown' }, key: strange })],
    ['of HS256 with the public key as secret', () => ({ header: { alg: 'HS256' }, key: issuer.publicKeyPem })],
  ] satisfies [string, () => TokenWish][])('R27: that are %s are refused by every exchange', async (_, flaw) => {
    const wish: TokenWish = flaw();
    const token = issuer.token({ ...wish, claims: { ...PERSON, scp: 'VoIP Chat', ...wish.claims } });
    for (const answer of [await teams(server, token), await entra(server, token), await teamsPhone(token)]) {
      expect(answer.status).toBe(401);
      expect(await whyOf(server, answer)).toMatchObject({ rule: 'entra.token-refused' });
    }
  });

  it('R27: without a signature are refused', async () => {
    const { header, claims } = decodeJwt(issuer.token({ claims: PERSON }));
    const answer = await teams(server, makeJwt({ header: { ...header, alg: 'none' }, claims }));
    expect(answer.status).toBe(401);
  });

  it('R27: are told apart in the refusal', async () => {
    const audience = await teams(server, issuer.token({ claims: { ...PERSON, aud: 'other' } }));
    const expiry = await teams(server, issuer.token({ claims: { ...PERSON, exp: past } }));
    expect(errorOf(audience).message).toContain('aud');
    expect(errorOf(expiry).message).toContain('expired');
  });
});

describe('Entra user exchange', () => {
  it('R27: the same person gets the same identity, with the scopes of the permissions', async () => {
    const first = jsonOf<Exchanged>(await entra(server, issuer.token({ claims: { ...PERSON, scp: 'VoIP Chat.Join' } })));
    const second = jsonOf<Exchanged>(await entra(server, issuer.token({ claims: { ...PERSON, roles: ['Chat'] } })));
    expect(second.identity).toEqual(first.identity);
    expect(scopesOf(first)).toEqual(['chat.join', 'voip']);
    expect(scopesOf(second)).toEqual(['chat']);
    expect((await tokenRequest(server.endpoint, second.accessToken.token)).status).toBe(200);
  });

  it('R27: the token ends with the directory token', async () => {
    const exp = Math.floor(Date.now() / 1000) + 900;
    const { accessToken } = jsonOf<Exchanged>(await entra(server, issuer.token({ claims: { ...PERSON, scp: 'Chat', exp } })));
    expect(Date.parse(accessToken.expiresOn)).toBe(exp * 1000);
  });

  it('R12: a directory token without a permission is answered 403', async () => {
    const answer = await entra(server, issuer.token({ claims: { ...PERSON, scp: 'User.Read' } }));
    expect(answer.status).toBe(403);
    expect(await whyOf(server, answer)).toMatchObject({ rule: 'entra.no-permission' });
  });

  it.each(['oid', 'tid'])('R27: a directory token without %s is refused', async (claim) => {
    const answer = await entra(server, issuer.token({ claims: { ...PERSON, scp: 'Chat', [claim]: undefined } }));
    expect(answer.status).toBe(401);
    expect(errorOf(answer).message).toContain(claim);
  });
});

describe('exchanges', () => {
  it('R90: one Teams user may be exchanged at two resources, each with its own tokens', async () => {
    const other = await newResource(server);
    const wish = { teamsUserAadToken: issuer.token({ claims: PERSON }), clientId: APP_ID, userObjectId: OBJECT_ID };
    const here = await connectLatest(server.connectionString).getTokenForTeamsUser(wish);
    const there = await connectLatest(other.primaryConnectionString).getTokenForTeamsUser(wish);
    expect(decodeJwt(there.token).claims['resourceId']).toBe(other.immutableResourceId);
    const statuses = await Promise.all([here, there].map(async ({ token }) => (await tokenRequest(server.endpoint, token)).status));
    expect(statuses).toEqual([200, 200]);
  });

  it('R27: without a configured issuer are refused, and the cure names the setting', async () => {
    await using without = await startServer();
    const token = issuer.token({ claims: { ...PERSON, scp: 'Chat' } });
    for (const answer of [await teams(without, token), await entra(without, token)]) {
      expect(answer.status).toBe(401);
      expect(errorOf(answer).message).toContain('no directory issuer is configured');
      const why = await whyOf(without, answer);
      expect(why).toMatchObject({ rule: 'entra.no-issuer' });
      expect(why.cure).toContain('SWITCHBOARD_ENTRA_ISSUER');
    }
  });

  it('R27: with an issuer that cannot be reached are refused, and the reason is told', async () => {
    const gone = await OidcIssuer.start();
    await using lonely = await startServer({ args: gone.flags });
    const token = gone.token({ claims: PERSON });
    await gone[Symbol.asyncDispose]();
    const refused = await teams(lonely, token);
    expect(refused.status).toBe(401);
    expect(errorOf(refused).message).toContain('cannot be reached');
  });
});

function teams(at: TestServer, token: string) {
  const body = { token, appId: APP_ID, userId: OBJECT_ID };
  return signedRequest(at.connectionString, { method: 'POST', path: '/teamsUser/:exchangeAccessToken', body });
}

function entra(at: TestServer, token: string) {
  return rawRequest({ endpoint: at.endpoint, method: 'POST', target: ENTRA_PATH, headers: { authorization: `Bearer ${token}` } });
}

function teamsPhone(token: string) {
  const target = '/access/teamsExtension/:exchangeAccessToken?api-version=2025-06-30';
  return rawRequest({ endpoint: server.endpoint, method: 'POST', target, headers: { authorization: `Bearer ${token}` } });
}

function scopesOf({ accessToken }: Exchanged): string[] {
  return String(decodeJwt(accessToken.token).claims['acsScope']).split(',').sort();
}
