import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, jsonOf } from '../../lib/raw-request.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { signedRequest } from '../../lib/signed-request.ts';

let server: TestServer;
let connectionString: string;
beforeAll(async () => {
  server = await startServer();
  connectionString = (await newResource(server)).primaryConnectionString;
});
afterAll(() => server.stop());

describe('creating a user', () => {
  it.each([
    ['no JSON', '{"customId":', 'body'],
    ['a list', [], undefined],
    ['a text', '"text"', undefined],
    ['a number as custom id', { customId: 7 }, 'customId'],
    ['an empty custom id', { customId: '' }, 'customId'],
    ['a text as scopes', { createTokenWithScopes: 'chat' }, 'createTokenWithScopes'],
    ['an unknown scope', { createTokenWithScopes: ['chat', 'all'] }, 'createTokenWithScopes[1]'],
    ['17 scopes', { createTokenWithScopes: Array.from({ length: 17 }, () => 'chat') }, 'createTokenWithScopes'],
    ['a life beyond numbers', '{"createTokenWithScopes":["chat"],"expiresInMinutes":1e999}', 'expiresInMinutes'],
    ['a prototype', '{"__proto__":{"admin":true}}', 'body'],
    ['40 levels', `${'['.repeat(40)}${']'.repeat(40)}`, 'body'],
    ['half a surrogate pair in the custom id', '{"customId":"\\ud800"}', 'customId'],
    ['a null character in the custom id', { customId: 'a\0b' }, 'customId'],
  ])('R10: with %s is refused, and the field named', async (_, body, target) => {
    const answer = await signedRequest(connectionString, { method: 'POST', path: '/identities', body });
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: 'BadRequest', ...(target === undefined ? {} : { target }) });
  });

  it('R10: with a body beyond 1 MiB is refused as too large', async () => {
    const body = { customId: 'x'.repeat(1_048_576) };
    const answer = await signedRequest(connectionString, { method: 'POST', path: '/identities', body });
    expect(answer.status).toBe(413);
    expect(answer.headers['x-ms-error-code']).toBe('PayloadTooLarge');
  });

  it('R10: with a body that is no JSON by its type is refused', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await signedRequest(connectionString, { method: 'POST', path: '/identities', body: '{}', headers });
    expect(answer.status).toBe(415);
  });
});

describe('paths', () => {
  it.each([
    ['an encoded verb', 'POST /identities/x/%3AissueAccessToken', 404],
    ['an encoded slash', 'GET /identities/8%3Aacs%2F..%2F..%2Fadmin', 404],
    ['dots', 'GET /identities/../identities/x', 404],
    ['broken encoding', 'GET /identities/%zz', 400],
    ['encoding of no UTF-8', 'GET /identities/%ff', 400],
    ['an encoded null', 'GET /identities/%00', 404],
    ['an id of 4,000 characters', `GET /identities/${'x'.repeat(4000)}`, 404],
    ['an empty id', 'GET /identities/', 404],
    ['a slash at the end', 'POST /identities/', 404],
    ['another case', 'POST /Identities', 404],
    ['a method it does not take', 'PUT /identities', 405],
    ['an operation nobody has', 'GET /identities/x/y/z', 404],
  ])('R11: with %s: %s is answered %i', async (_, requestLine, status) => {
    const [method = '', path = ''] = requestLine.split(' ');
    const body = path.includes('issue') ? { scopes: ['chat'] } : undefined;
    const answer = await signedRequest(connectionString, { method, path, body });
    expect(answer.status).toBe(status);
    expect(answer.headers['x-ms-error-code']).toBe(errorOf(answer).code);
  });

  it('R11: a wrong method is told which ones are right', async () => {
    const answer = await signedRequest(connectionString, { method: 'PATCH', path: '/identities/x' });
    expect(answer.headers.allow?.split(', ').sort()).toEqual(['DELETE', 'GET']);
  });

  it('R10: nothing refused leaves anything behind', async () => {
    const customId = 'left-behind';
    const body = { customId, createTokenWithScopes: ['chat'], expiresInMinutes: 1 };
    expect((await signedRequest(connectionString, { method: 'POST', path: '/identities', body })).status).toBe(400);
    const created = await signedRequest(connectionString, { method: 'POST', path: '/identities', body: { customId } });
    const { identity } = jsonOf<{ identity: { id: string } }>(created);
    const got = await signedRequest(connectionString, { method: 'GET', path: `/identities/${encodeURIComponent(identity.id)}` });
    expect(jsonOf(got)).toEqual({ id: identity.id, customId });
  });
});
