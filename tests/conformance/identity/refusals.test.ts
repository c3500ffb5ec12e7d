import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLatest } from '../../lib/identity-clients.ts';
import { errorOf, type RawAnswer, rawRequest } from '../../lib/raw-request.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';
import { CHAT_PATH, tokenRequest } from '../../lib/token-request.ts';
import { whyOf } from '../../lib/why.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let server: TestServer;
let voipToken: string;
beforeAll(async () => {
  server = await startServer();
  ({ token: voipToken } = await connectLatest(server.connectionString).createUserAndToken(['voip']));
});
afterAll(() => server.stop());

const sign = (method: string, path: string, body?: unknown) => signedRequest(server.connectionString, { method, path, body });

interface Refusal {
  readonly what: string;
  readonly status: number;
  readonly rule: string;
  readonly provoke: () => Promise<RawAnswer>;
}

const REFUSALS: readonly Refusal[] = [
  {
    what: 'no credentials',
    status: 401,
    rule: 'auth.missing',
    provoke: () => rawRequest({ endpoint: server.endpoint, method: 'POST', target: '/identities' }),
  },
  { what: 'an unknown path', status: 404, rule: 'route.unknown', provoke: () => sign('GET', '/nothing') },
  { what: 'a wrong method', status: 405, rule: 'route.method', provoke: () => sign('PUT', '/identities') },
  { what: 'a broken path', status: 400, rule: 'route.malformed', provoke: () => sign('GET', '/identities/%zz') },
  { what: 'no api-version', status: 400, rule: 'api-version.missing', provoke: () => sign('POST', '/identities?api-version=') },
  { what: 'a wrong api-version', status: 400, rule: 'api-version.unknown', provoke: () => sign('POST', '/identities?api-version=x') },
  { what: 'a wrong field', status: 400, rule: 'body.invalid', provoke: () => sign('POST', '/identities', { customId: 1 }) },
  { what: 'broken JSON', status: 400, rule: 'body.json', provoke: () => sign('POST', '/identities', '{') },
  { what: 'a body too large', status: 413, rule: 'body.size', provoke: () => sign('POST', '/identities', { x: 'x'.repeat(1_100_000) }) },
  {
    what: 'an unknown scope',
    status: 400,
    rule: 'identity.scopes',
    provoke: () => sign('POST', '/identities', { createTokenWithScopes: ['x'] }),
  },
  { what: 'an unknown user', status: 404, rule: 'identity.unknown', provoke: () => sign('GET', '/identities/x') },
  {
    what: 'a missing scope',
    status: 403,
    rule: 'token.scope',
    provoke: () => tokenRequest(server.endpoint, voipToken, { method: 'POST', path: CHAT_PATH, body: { topic: 'x' } }),
  },
  {
    what: 'an unknown host',
    status: 404,
    rule: 'host.unknown',
    provoke: () => rawRequest({ endpoint: server.endpoint, method: 'GET', target: '/health', headers: { host: 'evil.example' } }),
  },
];

describe('a refusal', () => {
  it.each(REFUSALS)(
    'R27: for $what ($status) carries envelope, ids and code, and can be explained ($rule)',
    async ({ status, rule, provoke }) => {
      const answer = await provoke();
      expect(answer.status).toBe(status);
      const { code, message } = errorOf(answer);
      expect(message).toMatch(/\.$/);
      expect(answer.headers).toMatchObject({
        'x-ms-error-code': code,
        'x-ms-request-id': expect.stringMatching(UUID) as string,
        'ms-cv': expect.stringMatching(/^[\w+/]{16}\.\d+$/) as string,
        'content-type': 'application/json; charset=utf-8',
      });
      const why = await whyOf(server, answer);
      expect(why).toMatchObject({ status, rule, cause: message, code });
      expect(why.cure).toBeTruthy();
    },
  );

  it('R27: and a success alike echo the client’s request id', async () => {
    const headers = { 'x-ms-client-request-id': 'my-request-1' };
    const refused = await rawRequest({ endpoint: server.endpoint, method: 'GET', target: '/nothing', headers });
    const served = await signedRequest(server.connectionString, { method: 'POST', path: '/identities', headers });
    expect(served.status).toBe(201);
    for (const answer of [refused, served]) {
      expect(answer.headers['x-ms-client-request-id']).toBe('my-request-1');
      expect(answer.headers['x-ms-request-id']).toMatch(UUID);
      expect(answer.headers['ms-cv']).toBeTruthy();
    }
  });

  it('R27: is remembered without credentials and secrets', async () => {
    const secret = 'c2VjcmV0LXNpZ25hdHVyZQ';
    const answer = await rawRequest({ endpoint: server.endpoint, method: 'GET', target: `/nothing?sig=${secret}&token=${voipToken}` });
    const told = JSON.stringify(await whyOf(server, answer));
    expect(told).not.toContain(secret);
    expect(told).not.toContain(voipToken);
  });

  it('R27: nobody remembers is answered 404 with a cure', async () => {
    const { status, body } = await server.admin<{ error: { code: string; message: string } }>('GET', '/admin/requests/unknown');
    expect(status).toBe(404);
    expect(body.error.code).toBe('NotFound');
  });
});
