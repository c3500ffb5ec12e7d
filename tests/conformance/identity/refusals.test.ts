import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IDENTITY_SDKS } from '../../lib/identity-clients.ts';
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
  ({ token: voipToken } = await IDENTITY_SDKS[0]!.connect(server.connectionString).createUserAndToken(['voip']));
});
afterAll(() => server.stop());

const sign = (method: string, path: string, body?: unknown) => signedRequest(server.connectionString, { method, path, body });

const REFUSALS: readonly [string, number, string, () => Promise<RawAnswer>][] = [
  ['no credentials', 401, 'auth.missing', () => rawRequest({ endpoint: server.endpoint, method: 'POST', target: '/identities' })],
  ['an unknown path', 404, 'route.unknown', () => sign('GET', '/nothing')],
  ['a wrong method', 405, 'route.method', () => sign('PUT', '/identities')],
  ['a broken path', 400, 'route.malformed', () => sign('GET', '/identities/%zz')],
  ['no api-version', 400, 'api-version.missing', () => sign('POST', '/identities?api-version=')],
  ['a wrong api-version', 400, 'api-version.unknown', () => sign('POST', '/identities?api-version=x')],
  ['a wrong field', 400, 'body.invalid', () => sign('POST', '/identities', { customId: 1 })],
  ['broken JSON', 400, 'body.json', () => sign('POST', '/identities', '{')],
  ['a body too large', 413, 'body.size', () => sign('POST', '/identities', { x: 'x'.repeat(1_100_000) })],
  ['an unknown scope', 400, 'identity.scopes', () => sign('POST', '/identities', { createTokenWithScopes: ['x'] })],
  ['an unknown user', 404, 'identity.unknown', () => sign('GET', '/identities/x')],
  ['a missing scope', 403, 'token.scope', () => tokenRequest(server.endpoint, voipToken, { method: 'POST', path: CHAT_PATH, body: { topic: 'x' } })],
  ['an unknown host', 404, 'host.unknown', () => rawRequest({ endpoint: server.endpoint, method: 'GET', target: '/health', headers: { host: 'evil.example' } })],
];

describe('a refusal', () => {
  it.each(REFUSALS)('R27: for %s (%i) carries envelope, ids and code, and can be explained (%s)', async (_, status, rule, provoke) => {
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
  });

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
