import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { START_MS } from '../storage/testing.ts';
import { MAX_BODY_BYTES, serve, VERSION } from './echo/testing.ts';
import { signedHeaders } from './testing.ts';

describe('paths, on a real socket', () => {
  it.each([
    ['POST', '/open/abc:play', { status: 200, json: { id: 'abc' } }],
    ['POST', '/open/ab:c:play', { status: 200, json: { id: 'ab:c' } }],
    ['POST', '/open/abc%3Aplay', { status: 200, json: { id: 'abc:play' } }],
    ['GET', '/open/a%2Fb%252F%2B+', { status: 200, json: { id: 'a/b%2F++' } }],
    ['GET', `/open/${'x'.repeat(1_000)}`, { status: 200, json: { id: 'x'.repeat(1_000) } }],
    ['GET', '//open/a', { status: 200, json: { id: 'a' } }],
    ['GET', '/files/a/../b%20c', { status: 200, json: {} }],
    ['GET', '/open/', { status: 404, json: {} }],
    ['GET', '/nowhere', { status: 404, json: {} }],
    ['GET', '/~0', { status: 404, json: {} }],
    ['GET', '/~405', { status: 404, json: {} }],
    ['GET', '/open/a/../b', { status: 404, json: {} }],
    ['GET', '/open/%zz', { status: 400, json: {} }],
    ['GET', '/open/a#b', { status: 400, json: {} }],
    ['GET', 'http://evil/open/a', { status: 400, json: {} }],
    ['PUT', '/open/a', { status: 405, json: {} }],
    ['TRACE', '/open/a', { status: 405, json: {} }],
  ])('%s %s', async (method, target, expected) => {
    using server = await serve();
    const answer = await server.send(method, target);
    expect(answer).toMatchObject(expected);
    expect(answer.headers['x-ms-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    if (expected.status === 405) expect(answer.headers['allow']).toBe('GET, POST, PATCH, DELETE');
  });

  it('answers HEAD without a body', async () => {
    using server = await serve();
    expect(await server.send('HEAD', '/open/a')).toMatchObject({ status: 200, text: '' });
  });
});

describe('hosts and origins, on a real socket', () => {
  it('refuses a request without a host, with two, with a foreign one, and of HTTP/1.0 without one', async () => {
    using server = await serve();
    const { host } = server;
    expect((await server.raw('GET /open/a HTTP/1.1\r\nConnection: close\r\n\r\n')).status).toBe(400);
    expect(await server.raw(`GET /open/a HTTP/1.1\r\nHost: ${host}\r\nHost: evil\r\nConnection: close\r\n\r\n`)).toMatchObject({
      status: 400,
      code: 'BadRequest',
    });
    expect(await server.raw('GET /open/a HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')).toMatchObject({
      status: 404,
      code: 'NotFound',
    });
    expect(await server.raw('GET /open/a HTTP/1.0\r\n\r\n')).toMatchObject({ status: 400, code: 'BadRequest' });
    expect(server.served()).toBe(0);
  });

  it('refuses what two parties could read differently', async () => {
    using server = await serve();
    const { host } = server;
    const smuggled = `POST /open/a HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n`;
    expect((await server.raw(smuggled)).status).toBe(400);
    expect(server.served()).toBe(0);
  });

  it('answers preflights of the data plane for any origin, and none of the admin API', async () => {
    using server = await serve();
    const headers = {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, x-ms-date',
    };
    expect(await server.send('OPTIONS', '/open/a', { headers })).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, x-ms-date' },
    });
    for (const target of ['/admin/things', '//admin/things']) {
      const answer = await server.send('OPTIONS', target, { headers });
      expect(answer.status).toBe(403);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('leaves a foreign origin outside, of the admin API also under a second slash', async () => {
    using server = await serve();
    const authorization = 'Bearer the-admin-key';
    expect((await server.send('GET', '/open/a', { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    for (const target of ['/admin/things', '//admin/things']) {
      expect((await server.send('GET', target, { headers: { authorization } })).status).toBe(200);
      expect((await server.send('GET', target, { headers: { authorization, origin: 'http://localhost:3000' } })).status).toBe(403);
    }
  });

  it('takes an upgrade to anything but a websocket for an ordinary request', async () => {
    using server = await serve();
    const headers = { upgrade: 'h2c', connection: 'upgrade, close', 'content-type': 'application/json' };
    expect((await server.send('POST', '/open/a', { headers, body: '{}' })).status).toBe(200);
  });
});

describe('bodies', () => {
  const json = { 'content-type': 'application/json' };

  it.each([
    ['JSON', { headers: json, body: '{"text":"ü"}', text: 'ü' }],
    ['JSON with a character set', { headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{"text":"a"}', text: 'a' }],
    ['a merge patch', { headers: { 'content-type': 'application/merge-patch+json' }, body: '{"text":"a"}', text: 'a' }],
    ['nothing', { headers: {}, body: undefined, text: undefined }],
    ['nothing of a type', { headers: json, body: '', text: undefined }],
    ['null for nothing', { headers: json, body: 'null', text: undefined }],
  ])('%s', async (_what, { headers, body, text }) => {
    using server = await serve();
    const answer = await server.send('PATCH', '/open/a', { headers, ...(body === undefined ? {} : { body }) });
    expect(answer.status).toBe(200);
    expect(answer.json['text']).toBe(text);
    expect(answer.json['hash']).toBe(
      createHash('sha256')
        .update(body ?? '')
        .digest('base64'),
    );
  });

  it('in chunks, and of a DELETE', async () => {
    using server = await serve();
    const chunked = `POST /open/a HTTP/1.1\r\nHost: ${server.host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    expect((await server.raw(`${chunked}6\r\n{"text\r\n5\r\n":"a"\r\n1\r\n}\r\n0\r\n\r\n`)).json['text']).toBe('a');
    expect((await server.send('DELETE', '/open/a', { headers: json, body: '{"text":"d"}' })).json['text']).toBe('d');
  });

  it.each([
    ['too large', { headers: json, body: `{"text":"${'x'.repeat(MAX_BODY_BYTES)}"}` }, { status: 413, code: 'PayloadTooLarge' }],
    ['of another type', { headers: { 'content-type': 'text/plain' }, body: 'x' }, { status: 415, code: 'UnsupportedMediaType' }],
    ['of no type', { headers: {}, body: '{"text":"a"}' }, { status: 415, code: 'UnsupportedMediaType' }],
    ['of a broken type', { headers: { 'content-type': 'application/' }, body: '{}' }, { status: 415, code: 'UnsupportedMediaType' }],
    ['no JSON', { headers: json, body: '{"text":' }, { status: 400, code: 'BadRequest' }],
    ['of a wrong shape', { headers: json, body: '{"text":5}' }, { status: 400, code: 'BadRequest' }],
    ['a prototype', { headers: json, body: '{"__proto__":{}}' }, { status: 400, code: 'BadRequest' }],
  ])('are refused: %s', async (_what, sent, { status, code }) => {
    using server = await serve();
    expect(await server.send('POST', '/open/a', sent)).toMatchObject({ status, code, headers: { 'x-ms-error-code': code } });
    expect(server.served()).toBe(0);
  });
});

describe('credentials', () => {
  it('R25: are needed before anything of a body is looked at', async () => {
    using server = await serve();
    const answer = await server.send('POST', `/keys?${VERSION}`, { headers: { 'content-type': 'application/json' }, body: 'no JSON' });
    expect(answer).toMatchObject({ status: 401, code: 'Unauthorized', headers: { 'www-authenticate': 'HMAC-SHA256, Bearer' } });
  });

  it('R27: sign the bytes of the body', async () => {
    using server = await serve();
    const target = `/keys?${VERSION}`;
    const signed = signedHeaders({
      method: 'POST',
      target,
      host: server.host,
      date: new Date(START_MS).toUTCString(),
      body: '{"text":"a"}',
      secret: 'local 1',
    });
    const headers = { ...signed, 'content-type': 'application/json' };
    expect((await server.send('POST', target, { headers, body: '{"text":"a"}' })).json['text']).toBe('a');
    expect(await server.send('POST', target, { headers, body: '{"text":"b"}' })).toMatchObject({ status: 401, code: 'Denied' });
    expect(await server.send('POST', target, { headers, body: '{"text": "a"}' })).toMatchObject({ status: 401 });
    expect(await server.send('POST', target, { headers })).toMatchObject({ status: 401 });
    expect(server.served()).toBe(1);
  });

  it.each(['local.ann', 'slow-local.ann'])('of a user: %s', async (token) => {
    using server = await serve();
    expect((await server.send('GET', `/users?${VERSION}`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await server.send('GET', `/users?${VERSION}`, { headers: { authorization: 'Bearer slow-x' } })).status).toBe(401);
  });

  it('are followed by api-version and query', async () => {
    using server = await serve();
    const headers = { authorization: 'Bearer local.ann' };
    expect(await server.send('GET', '/users', { headers })).toMatchObject({ status: 400, code: 'ApiVersionUnspecified' });
    expect(await server.send('GET', '/users?api-version=1', { headers })).toMatchObject({ status: 400, code: 'UnsupportedApiVersion' });
    expect(await server.send('GET', `/users?${VERSION}&${VERSION}`, { headers })).toMatchObject({
      status: 400,
      code: 'UnsupportedApiVersion',
    });
    expect(await server.send('GET', `/users?${VERSION}&n=x`, { headers })).toMatchObject({ status: 400, json: { error: { target: 'n' } } });
  });
});

describe('answers', () => {
  it('carry request ids, also the one the client gave', async () => {
    using server = await serve();
    const { headers } = await server.send('GET', '/open/a', { headers: { 'x-ms-client-request-id': 'mine-1' } });
    expect(headers).toMatchObject({ 'x-ms-client-request-id': 'mine-1', 'x-extra': 'yes' });
    expect(headers['ms-cv']).toMatch(/^[A-Za-z0-9+/]{16}\.\d+$/);
    const forged = await server.send('GET', '/open/a', { headers: { 'x-ms-client-request-id': 'a b<c>' } });
    expect(forged.headers).not.toHaveProperty('x-ms-client-request-id');
  });

  it.each(['unknown', 'text', 'nothing'])('to an unforeseen fault (%s) are bare, and the log has the cause', async (fault) => {
    using server = await serve();
    const answer = await server.send('GET', `/fail/${fault}`);
    expect(answer).toMatchObject({ status: 500, code: 'InternalError' });
    expect(answer.text).not.toContain('secret');
    const requestId = answer.headers['x-ms-request-id'];
    expect(server.lines.join('')).toContain(requestId);
    expect(server.http.requests.find(requestId ?? '')).toMatchObject({ status: 500, rule: 'server.error' });
  });

  it('to a foreseen fault name it', async () => {
    using server = await serve();
    expect(await server.send('GET', '/fail/named')).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7', 'x-ms-error-code': 'TooManyRequests' },
      json: { error: { code: 'TooManyRequests', message: 'Too many.', target: 'rate', details: [{ code: 'x', message: 'y' }] } },
    });
  });

  it('say when the store is away, and when to try again', async () => {
    using server = await serve();
    expect(await server.send('GET', '/fail/unavailable')).toMatchObject({
      status: 503,
      code: 'ServiceUnavailable',
      headers: { 'retry-after': '5' },
    });
  });

  it('of files are what the handler gives', async () => {
    using server = await serve();
    expect((await server.send('GET', '/files/a/b.txt', { headers: { accept: 'text/plain' } })).text).toBe('a/b.txt for text/plain');
  });
});

describe('the record of a request', () => {
  it('tells rule, cause and cure of a refusal, and nothing secret', async () => {
    using server = await serve();
    const { headers } = await server.send('GET', `/users?${VERSION}&sig=secret`, { headers: { authorization: 'Bearer secret' } });
    const record = server.http.requests.find(headers['x-ms-request-id'] ?? '');
    expect(record).toMatchObject({
      method: 'GET',
      path: `/users?${VERSION}&sig=•••`,
      status: 401,
      rule: 'token.test',
      cause: 'no such token',
      cure: 'none',
    });
    expect(JSON.stringify(record)).not.toContain('secret');
  });

  it('tells who called what', async () => {
    using server = await serve();
    const { headers } = await server.send('GET', `/users?${VERSION}`, { headers: { authorization: 'Bearer local.ann' } });
    const { request: _request, response: _response, ...record } = server.http.requests.find(headers['x-ms-request-id'] ?? '') ?? {};
    expect(record).toEqual({
      id: headers['x-ms-request-id'],
      time: new Date(START_MS).toISOString(),
      method: 'GET',
      path: `/users?${VERSION}`,
      status: 200,
      durationMs: 0,
      operation: 'GET /users',
      resource: 'local',
      caller: 'ann',
      inspection: 'on',
    });
  });

  it('holds headers and bodies, without the credentials in them', async () => {
    using server = await serve();
    const body = JSON.stringify({ text: 'hello', token: 'secret' });
    const sent = { authorization: 'Bearer local.ann', 'content-type': 'application/json' };
    const { headers, text } = await server.send('POST', '/open/a', { headers: sent, body });
    const found = server.http.requests.find(headers['x-ms-request-id'] ?? '');
    expect(found?.request?.headers).toContainEqual({ name: 'authorization', value: 'Bearer •••' });
    expect(found?.request?.body).toEqual({ text: '{"text":"hello","token":"•••"}', bytes: body.length, complete: true });
    expect(found?.response?.headers).toContainEqual({ name: 'x-ms-request-id', value: headers['x-ms-request-id'] });
    expect(found?.response?.body).toMatchObject({ bytes: Buffer.byteLength(text), complete: true });
    expect(JSON.stringify(found)).not.toContain('secret');
  });
});
