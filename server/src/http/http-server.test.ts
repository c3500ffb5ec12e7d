import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { createHash } from 'node:crypto';
import { operation, type OperationAuth } from '@switchboard/contract';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../lib/clock.ts';
import { ApiError } from '../lib/errors.ts';
import { ManualTimers, recordingLog, RepeatableRandom } from '../lib/testing.ts';
import { UnavailableError } from '../storage/index.ts';
import { START_MS } from '../storage/testing.ts';
import { Authenticator } from './auth/authenticator.ts';
import { reply } from './call.ts';
import { HttpServer } from './http-server.ts';
import { OriginPolicy } from './origins.ts';
import { FewResources, PlainTokens, signedHeaders } from './testing.ts';

const MAX_BODY_BYTES = 2_000;
const VERSION = 'api-version=2025-06-30';

const Body = Type.Object({ text: Type.Optional(Type.String()) });
const Echo = Type.Object({
  method: Type.String(),
  id: Type.Optional(Type.String()),
  text: Type.Optional(Type.String()),
  hash: Type.String(),
});

function echo(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, auth: OperationAuth) {
  const query = Type.Object({ 'api-version': Type.Optional(Type.String()), n: Type.Optional(Type.Integer()) });
  const shared = { id: `${method} ${path}`, method, path, auth, summary: '', query, responses: { 200: Echo } } as const;
  return operation({ ...shared, apiVersion: auth !== 'admin' && auth !== 'none', bodyOptional: true, body: Body });
}

const FAULTS: Readonly<Record<string, () => unknown>> = {
  unknown: () => new Error('secret words of a database'),
  text: () => 'secret words',
  nothing: () => undefined,
  unavailable: () => new UnavailableError('disk-full'),
  named: () =>
    new ApiError('TooManyRequests', 'Too many.', { target: 'rate', retryAfterSeconds: 7, details: [{ code: 'x', message: 'y' }] }),
};

/** A server with a few operations, on a plain socket. */
async function serve() {
  const resources = new FewResources(['local', 'other']);
  const { log, lines } = recordingLog();
  const http = new HttpServer({
    authenticator: new Authenticator({
      resources,
      tokens: new PlainTokens(resources),
      adminKey: 'the-admin-key',
      publicHosts: [],
      realNow: () => START_MS,
      checkDate: true,
    }),
    origins: new OriginPolicy(resources),
    clock: new VirtualClock(START_MS),
    timers: new ManualTimers(),
    random: new RepeatableRandom(),
    log,
    maxBodyBytes: MAX_BODY_BYTES,
  });
  let served = 0;
  for (const declared of [
    echo('GET', '/open/{id}', 'none'),
    echo('POST', '/open/{id}', 'none'),
    echo('POST', '/open/{id}:play', 'none'),
    echo('PATCH', '/open/{id}', 'none'),
    echo('DELETE', '/open/{id}', 'none'),
    echo('GET', '/users', 'userToken'),
    echo('POST', '/keys', 'accessKey'),
    echo('GET', '/admin/things', 'admin'),
  ]) {
    http.route(declared, ({ params, body, bodyHash }) => {
      served += 1;
      // The one operation without a parameter has no `id`.
      const { id } = params as { readonly id?: string };
      const text = body.text === undefined ? {} : { text: body.text };
      return reply(200, { method: declared.method, ...(id === undefined ? {} : { id }), ...text, hash: bodyHash() }, { 'x-extra': 'yes' });
    });
  }
  const failing = operation({ ...echo('GET', '/fail/{id}', 'none'), params: Type.Object({ id: Type.String() }), body: Type.Unknown() });
  http.route(failing, ({ params }) => Promise.reject(FAULTS[params.id]?.() as Error));
  http.serve('/files/*', ({ rest, accept }) => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: `${rest} for ${accept}` }));
  await http.ready();
  const server = http.createPlainServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    http,
    lines,
    host: `127.0.0.1:${port}`,
    served: () => served,
    /** Sends bytes as they are. */
    raw: (bytes: string | Buffer) => rawAnswer(port, bytes),
    send: (method: string, target: string, options: SendOptions = {}) =>
      rawAnswer(port, requestBytes(`127.0.0.1:${port}`, method, { target, ...options })),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await http.close();
    },
  };
}

interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

function requestBytes(host: string, method: string, { target, headers = {}, body }: SendOptions & { readonly target: string }): Buffer {
  const bytes = Buffer.from(body ?? '');
  const all = { host, connection: 'close', ...(body === undefined ? {} : { 'content-length': String(bytes.length) }), ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${head.join('')}\r\n`), bytes]);
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly code: string | undefined;
  readonly json: Readonly<Record<string, unknown>>;
}

async function rawAnswer(port: number, bytes: string | Buffer): Promise<Answer> {
  const socket = connect(port, '127.0.0.1');
  socket.end(bytes);
  const parts: Buffer[] = [];
  for await (const part of socket as AsyncIterable<Buffer>) parts.push(part);
  const [head = '', ...rest] = Buffer.concat(parts).toString('utf8').split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  const text = rest.join('\r\n\r\n');
  const json = headers['content-type']?.startsWith('application/json') === true && text !== '' ? (JSON.parse(text) as Answer['json']) : {};
  const code = (json['error'] as { code?: string } | undefined)?.code;
  return { status: Number(first.split(' ')[1]), headers, text, code, json };
}

describe('paths, on a real socket', () => {
  it.each([
    ['POST', '/open/abc:play', 200, { id: 'abc' }],
    ['POST', '/open/ab:c:play', 200, { id: 'ab:c' }],
    ['POST', '/open/abc%3Aplay', 200, { id: 'abc:play' }],
    ['GET', '/open/a%2Fb%252F%2B+', 200, { id: 'a/b%2F++' }],
    ['GET', `/open/${'x'.repeat(1_000)}`, 200, { id: 'x'.repeat(1_000) }],
    ['GET', '//open/a', 200, { id: 'a' }],
    ['GET', '/files/a/../b%20c', 200, {}],
    ['GET', '/open/', 404, {}],
    ['GET', '/nowhere', 404, {}],
    ['GET', '/~0', 404, {}],
    ['GET', '/~405', 404, {}],
    ['GET', '/open/a/../b', 404, {}],
    ['GET', '/open/%zz', 400, {}],
    ['GET', '/open/a#b', 400, {}],
    ['GET', 'http://evil/open/a', 400, {}],
    ['PUT', '/open/a', 405, {}],
    ['TRACE', '/open/a', 405, {}],
  ])('%s %s is %d', async (method, target, status, expected) => {
    await using server = await serve();
    const answer = await server.send(method, target);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject(expected);
    expect(answer.headers['x-ms-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    if (status === 405) expect(answer.headers['allow']).toBe('GET, POST, PATCH, DELETE');
  });

  it('answers HEAD without a body', async () => {
    await using server = await serve();
    expect(await server.send('HEAD', '/open/a')).toMatchObject({ status: 200, text: '' });
  });
});

describe('hosts and origins, on a real socket', () => {
  it('refuses a request without a host, with two, with a foreign one, and of HTTP/1.0 without one', async () => {
    await using server = await serve();
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
    await using server = await serve();
    const { host } = server;
    const smuggled = `POST /open/a HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n`;
    expect((await server.raw(smuggled)).status).toBe(400);
    expect(server.served()).toBe(0);
  });

  it('answers preflights of the data plane for any origin, and none of the admin API', async () => {
    await using server = await serve();
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
    await using server = await serve();
    const authorization = 'Bearer the-admin-key';
    expect((await server.send('GET', '/open/a', { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    for (const target of ['/admin/things', '//admin/things']) {
      expect((await server.send('GET', target, { headers: { authorization } })).status).toBe(200);
      expect((await server.send('GET', target, { headers: { authorization, origin: 'http://localhost:3000' } })).status).toBe(403);
    }
  });

  it('takes an upgrade to anything but a websocket for an ordinary request', async () => {
    await using server = await serve();
    const headers = { upgrade: 'h2c', connection: 'upgrade, close', 'content-type': 'application/json' };
    expect((await server.send('POST', '/open/a', { headers, body: '{}' })).status).toBe(200);
  });
});

describe('bodies', () => {
  const json = { 'content-type': 'application/json' };

  it.each([
    ['JSON', json, '{"text":"ü"}', 'ü'],
    ['JSON with a character set', { 'content-type': 'application/json; charset=utf-8' }, '{"text":"a"}', 'a'],
    ['a merge patch', { 'content-type': 'application/merge-patch+json' }, '{"text":"a"}', 'a'],
    ['nothing', {}, undefined, undefined],
    ['nothing of a type', json, '', undefined],
    ['null for nothing', json, 'null', undefined],
  ])('%s', async (_what, headers, body, text) => {
    await using server = await serve();
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
    await using server = await serve();
    const chunked = `POST /open/a HTTP/1.1\r\nHost: ${server.host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    expect((await server.raw(`${chunked}6\r\n{"text\r\n5\r\n":"a"\r\n1\r\n}\r\n0\r\n\r\n`)).json['text']).toBe('a');
    expect((await server.send('DELETE', '/open/a', { headers: json, body: '{"text":"d"}' })).json['text']).toBe('d');
  });

  it.each([
    ['too large', json, `{"text":"${'x'.repeat(MAX_BODY_BYTES)}"}`, 413, 'PayloadTooLarge'],
    ['of another type', { 'content-type': 'text/plain' }, 'x', 415, 'UnsupportedMediaType'],
    ['of no type', {}, '{"text":"a"}', 415, 'UnsupportedMediaType'],
    ['of a broken type', { 'content-type': 'application/' }, '{}', 415, 'UnsupportedMediaType'],
    ['no JSON', json, '{"text":', 400, 'BadRequest'],
    ['of a wrong shape', json, '{"text":5}', 400, 'BadRequest'],
    ['a prototype', json, '{"__proto__":{}}', 400, 'BadRequest'],
  ])('are refused: %s', async (_what, headers, body, status, code) => {
    await using server = await serve();
    expect(await server.send('POST', '/open/a', { headers, body })).toMatchObject({ status, code, headers: { 'x-ms-error-code': code } });
    expect(server.served()).toBe(0);
  });
});

describe('credentials', () => {
  it('R25: are needed before anything of a body is looked at', async () => {
    await using server = await serve();
    const answer = await server.send('POST', `/keys?${VERSION}`, { headers: { 'content-type': 'application/json' }, body: 'no JSON' });
    expect(answer).toMatchObject({ status: 401, code: 'Unauthorized', headers: { 'www-authenticate': 'HMAC-SHA256, Bearer' } });
  });

  it('R27: sign the bytes of the body', async () => {
    await using server = await serve();
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
    await using server = await serve();
    expect((await server.send('GET', `/users?${VERSION}`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await server.send('GET', `/users?${VERSION}`, { headers: { authorization: 'Bearer slow-x' } })).status).toBe(401);
  });

  it('are followed by api-version and query', async () => {
    await using server = await serve();
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
    await using server = await serve();
    const { headers } = await server.send('GET', '/open/a', { headers: { 'x-ms-client-request-id': 'mine-1' } });
    expect(headers).toMatchObject({ 'x-ms-client-request-id': 'mine-1', 'x-extra': 'yes' });
    expect(headers['ms-cv']).toMatch(/^[A-Za-z0-9+/]{16}\.0$/);
    const forged = await server.send('GET', '/open/a', { headers: { 'x-ms-client-request-id': 'a b<c>' } });
    expect(forged.headers).not.toHaveProperty('x-ms-client-request-id');
  });

  it.each(['unknown', 'text', 'nothing'])('to an unforeseen fault (%s) are bare, and the log has the cause', async (fault) => {
    await using server = await serve();
    const answer = await server.send('GET', `/fail/${fault}`);
    expect(answer).toMatchObject({ status: 500, code: 'InternalError' });
    expect(answer.text).not.toContain('secret');
    const requestId = answer.headers['x-ms-request-id'];
    expect(server.lines.join('')).toContain(requestId);
    expect(server.http.requests.find(requestId ?? '')).toMatchObject({ status: 500, rule: 'server.error' });
  });

  it('to a foreseen fault name it', async () => {
    await using server = await serve();
    expect(await server.send('GET', '/fail/named')).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7', 'x-ms-error-code': 'TooManyRequests' },
      json: { error: { code: 'TooManyRequests', message: 'Too many.', target: 'rate', details: [{ code: 'x', message: 'y' }] } },
    });
  });

  it('say when the store is away, and when to try again', async () => {
    await using server = await serve();
    expect(await server.send('GET', '/fail/unavailable')).toMatchObject({
      status: 503,
      code: 'ServiceUnavailable',
      headers: { 'retry-after': '5' },
    });
  });

  it('of files are what the handler gives', async () => {
    await using server = await serve();
    expect((await server.send('GET', '/files/a/b.txt', { headers: { accept: 'text/plain' } })).text).toBe('a/b.txt for text/plain');
  });
});

describe('the record of a request', () => {
  it('tells rule, cause and cure of a refusal, and nothing secret', async () => {
    await using server = await serve();
    const { headers } = await server.send('GET', `/users?${VERSION}&sig=secret`, { headers: { authorization: 'Bearer secret' } });
    const record = server.http.requests.find(headers['x-ms-request-id'] ?? '');
    expect(record).toMatchObject({
      method: 'GET',
      path: `/users?${VERSION}`,
      status: 401,
      rule: 'token.test',
      cause: 'no such token',
      cure: 'none',
    });
    expect(JSON.stringify(record)).not.toContain('secret');
  });

  it('tells who called', async () => {
    await using server = await serve();
    const { headers } = await server.send('GET', `/users?${VERSION}`, { headers: { authorization: 'Bearer local.ann' } });
    expect(server.http.requests.find(headers['x-ms-request-id'] ?? '')).toEqual({
      id: headers['x-ms-request-id'],
      time: new Date(START_MS).toISOString(),
      method: 'GET',
      path: `/users?${VERSION}`,
      status: 200,
      durationMs: 0,
      resource: 'local',
      caller: 'ann',
    });
  });
});
