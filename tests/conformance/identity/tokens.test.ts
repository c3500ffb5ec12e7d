import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLatest, IDENTITY_SDKS } from '../../lib/identity-clients.ts';
import { decodeJwt } from '../../lib/jwt.ts';
import { errorOf, jsonOf } from '../../lib/raw-request.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { CHAT_PATH, tokenRequest } from '../../lib/token-request.ts';

interface WireToken {
  readonly token: string;
  readonly expiresOn: string;
}

const DAY_MINUTES = 1440;
const SCOPES = ['chat', 'voip', 'chat.join', 'chat.join.limited', 'voip.join'];

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe.each(IDENTITY_SDKS)('identity SDK $version', ({ connect }) => {
  it('R13: a token lives 24 hours by default, and expiresOn is its exp', async () => {
    const client = connect(server.connectionString);
    const { token, expiresOn } = await client.getToken(await client.createUser(), ['chat']);
    const { iat, exp } = lifeOf(token);
    expect(exp - iat).toBe(86_400);
    expect(expiresOn.getTime()).toBe(exp * 1000);
  });

  it.each([5, 15, 60, 480, DAY_MINUTES])('R14: a token of %i minutes can be had, both ways', async (tokenExpiresInMinutes) => {
    const client = connect(server.connectionString);
    const created = await client.createUserAndToken(['voip'], { tokenExpiresInMinutes });
    const issued = await client.getToken(created.user, ['voip'], { tokenExpiresInMinutes });
    for (const { token, expiresOn } of [created, issued]) {
      const { iat, exp } = lifeOf(token);
      expect(exp - iat).toBe(tokenExpiresInMinutes * 60);
      const lifeMinutes = (expiresOn.getTime() - Date.now()) / 60_000;
      expect(Math.abs(lifeMinutes - tokenExpiresInMinutes)).toBeLessThan(tokenExpiresInMinutes * 0.05);
    }
  });

  it('R12: one token may carry several scopes and works for each', async () => {
    const { token } = await connect(server.connectionString).createUserAndToken(['chat', 'voip']);
    expect(decodeJwt(token).claims['acsScope']).toBe('chat,voip');
    expect((await tokenRequest(server.endpoint, token)).status).toBe(200);
  });

  it('R12: an empty list of scopes is refused', async () => {
    const client = connect(server.connectionString);
    const user = await client.createUser();
    await expect(client.getToken(user, [])).rejects.toMatchObject({ statusCode: 400, code: 'BadRequest' });
  });

  it('R15: the official credential parses a token and its expiry', async () => {
    const { token, expiresOn } = await connect(server.connectionString).createUserAndToken(['chat']);
    const parsed = await new AzureCommunicationTokenCredential(token).getToken();
    expect(parsed).toEqual({ token, expiresOnTimestamp: expiresOn.getTime() });
  });

  it('R11: a user that does not exist gets no token', async () => {
    const nobody = { communicationUserId: '8:acs:00000000-0000-4000-8000-000000000000_00000000-0000-4000-8000-000000000000' };
    await expect(connect(server.connectionString).getToken(nobody, ['chat'])).rejects.toMatchObject({ statusCode: 404, code: 'NotFound' });
  });
});

describe.each([':issueAccessToken', 'token'])('token route …/%s', (verb) => {
  it.each(['2021-03-07', '2023-04-01', '2023-10-01'])('R11: issues a token under api-version %s', async (version) => {
    const answer = await issue({ scopes: ['chat'], expiresInMinutes: 15 }, `${verb}?api-version=${version}`);
    expect(answer.status).toBe(200);
    const { token, expiresOn } = jsonOf<WireToken>(answer);
    expect(Date.parse(expiresOn)).toBe(lifeOf(token).exp * 1000);
    expect((await tokenRequest(server.endpoint, token)).status).toBe(200);
  });

  it.each(SCOPES)('R12: knows the scope %s', async (scope) => {
    const { token } = jsonOf<WireToken>(await issue({ scopes: [scope] }, verb));
    expect(decodeJwt(token).claims['acsScope']).toBe(scope);
  });

  it.each([
    ['an unknown scope', { scopes: ['chat', 'video'] }, 'scopes[1]'],
    ['an empty list', { scopes: [] }, 'scopes'],
    ['no list', {}, 'scopes'],
    ['a text in its place', { scopes: 'chat' }, 'scopes'],
    ['numbers in it', { scopes: [1] }, 'scopes[0]'],
    ['a life of no whole minutes', { scopes: ['chat'], expiresInMinutes: 60.5 }, 'expiresInMinutes'],
    ['a life as text', { scopes: ['chat'], expiresInMinutes: '60' }, 'expiresInMinutes'],
  ])('R12: refuses %s and names the field', async (_, body, target) => {
    const answer = await issue(body, verb);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: 'BadRequest', target, message: expect.stringContaining(target) as string });
  });

  it('R14: a life of null is the default', async () => {
    const { token } = jsonOf<WireToken>(await issue({ scopes: ['chat'], expiresInMinutes: null }, verb));
    const { iat, exp } = lifeOf(token);
    expect(exp - iat).toBe(86_400);
  });
});

describe('scopes', () => {
  it('R17: a token with only voip creates no thread, and the refusal names the missing scope', async () => {
    const { token } = await connectLatest(server.connectionString).createUserAndToken(['voip']);
    const answer = await tokenRequest(server.endpoint, token, { method: 'POST', path: CHAT_PATH, body: { topic: 'No' } });
    expect(answer.status).toBe(403);
    expect(errorOf(answer).message).toContain('chat');
  });

  it.each([
    ['chat', 201],
    ['chat.join', 403],
    ['chat.join.limited', 403],
    ['voip', 403],
    ['voip.join', 403],
  ])('R151: with the scope %s alone, creating a thread is answered %i', async (scope, status) => {
    const { token } = jsonOf<WireToken>(await issue({ scopes: [scope] }, 'token'));
    const answer = await tokenRequest(server.endpoint, token, { method: 'POST', path: CHAT_PATH, body: { topic: 'One' } });
    expect(answer.status).toBe(status);
  });
});

async function issue(body: object, verb: string) {
  const { identity } = jsonOf<{ identity: { id: string } }>(
    await signedRequest(server.connectionString, { method: 'POST', path: '/identities' }),
  );
  const path = `/identities/${encodeURIComponent(identity.id)}/${verb}`;
  return signedRequest(server.connectionString, { method: 'POST', path, body });
}

function lifeOf(token: string): { readonly iat: number; readonly exp: number } {
  const { iat, exp } = decodeJwt(token).claims;
  return { iat: Number(iat), exp: Number(exp) };
}
