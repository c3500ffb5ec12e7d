import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, jsonOf } from '../../lib/raw-request.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { CHAT_PATH, tokenRequest } from '../../lib/token-request.ts';
import { whyOf } from '../../lib/why.ts';

/** Every version that a client was seen to ask for, and the one of the handbook. */
const KNOWN = ['2021-03-07', '2022-06-01', '2022-10-01', '2023-04-01', '2023-10-01', '2025-03-02-preview', '2025-06-30', '2026-07-22'];
const NEWER = ['2027-01-15', '2031-12-31-preview'];
const WRONG = ['1', 'latest', '2023', '2023-13-01', '2023-02-30', '23-10-01', '2023-10-01;x', '2023-10-01 ', '2023/10/01', '1999-01-01'];

interface Created {
  readonly identity: { readonly id: string };
  readonly accessToken: { readonly token: string };
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe('api-version', () => {
  it.each([...KNOWN, ...NEWER])('R11: %s is served by every operation on users', async (version) => {
    const query = `?api-version=${version}`;
    const created = await call('POST', `/identities${query}`, { createTokenWithScopes: ['chat'] });
    expect(created.status).toBe(201);
    const path = `/identities/${encodeURIComponent(jsonOf<Created>(created).identity.id)}`;
    const statuses = [
      await call('GET', `${path}${query}`),
      await call('POST', `${path}/:issueAccessToken${query}`, { scopes: ['voip'] }),
      await call('POST', `${path}/token${query}`, { scopes: ['voip'] }),
      await call('POST', `${path}/:revokeAccessTokens${query}`),
      await call('DELETE', `${path}${query}`),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200, 204, 204]);
  });

  it.each([
    ['missing', '/identities?other=api-version'],
    ['empty', '/identities?api-version='],
  ])('R11: %s is refused as unspecified', async (_, path) => {
    const answer = await call('POST', path);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: 'ApiVersionUnspecified', target: 'api-version' });
    expect(await whyOf(server, answer)).toMatchObject({
      rule: 'api-version.missing',
      cure: expect.stringContaining('api-version') as string,
    });
  });

  it.each(WRONG)('R11: %j is refused as unsupported', async (version) => {
    const answer = await call('POST', `/identities?api-version=${encodeURIComponent(version)}`);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: 'UnsupportedApiVersion', target: 'api-version' });
    expect(await whyOf(server, answer)).toMatchObject({ rule: 'api-version.unknown' });
  });

  it('R11: given twice is refused', async () => {
    const answer = await call('POST', '/identities?api-version=2023-10-01&api-version=2023-10-01');
    expect(errorOf(answer).code).toBe('UnsupportedApiVersion');
  });

  it('R11: is needed by chat, too', async () => {
    const { accessToken } = jsonOf<Created>(await call('POST', '/identities?api-version=2023-10-01', { createTokenWithScopes: ['chat'] }));
    const withOut = await tokenRequest(server.endpoint, accessToken.token, { path: '/chat/threads?' });
    expect(errorOf(withOut).code).toBe('ApiVersionUnspecified');
    expect((await tokenRequest(server.endpoint, accessToken.token, { path: CHAT_PATH })).status).toBe(200);
  });
});

/** The paths carry their version themselves, or none. */
function call(method: string, path: string, body?: object) {
  return signedRequest(server.connectionString, { method, path, body });
}
