import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { head, sendRaw, type WireAnswer } from '../../lib/raw-connection.ts';
import { itSurvives } from './aftermath.ts';
import { Ground } from './ground.ts';
import { OPERATIONS, paramNamesOf, targetOf } from './operations.ts';
import { expectEnvelope } from './refusals.ts';
import { newScene } from './scene.ts';

const LISTENERS = ['endpoint', 'httpEndpoint'] as const;
const SOCKET = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
const FOREIGN_ORIGINS = [
  'null',
  'https://elsewhere.example',
  'http://localhost.elsewhere.example',
  'http://elsewhere.example:8080',
  'https://localhost@elsewhere.example',
  'https://elsewhere.example/localhost',
  'https://elsewhere.example#localhost',
  'https://127.0.0.1.elsewhere.example',
  'https://xn--lcalhost-1ya.example',
  'file://',
  'chrome-extension://abcdefghijklmnop',
  'http://[::ffff:10.0.0.1]',
  'http://localhost, https://elsewhere.example',
  'localhost',
  '*',
];

describe('hosts and origins', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.prepare();
  });
  afterAll(() => ground[Symbol.asyncDispose]());

  async function send(listener: (typeof LISTENERS)[number], requestLine: string, headers: readonly string[]): Promise<WireAnswer> {
    const answer = await sendRaw(ground.server.ready[listener], head(requestLine, headers));
    if (answer === undefined) throw new Error(`${requestLine} with ${headers.join(' | ')} was not answered`);
    return answer;
  }

  function ownHost(listener: (typeof LISTENERS)[number]): string {
    return `Host: ${new URL(ground.server.ready[listener]).host}`;
  }

  function admin(): string {
    return `Authorization: Bearer ${ground.server.ready.adminKey}`;
  }

  describe.each(LISTENERS)('on the %s', (listener) => {
    it.each([
      ['elsewhere.example', 404],
      ['localhost.elsewhere.example', 404],
      ['127.0.0.1.elsewhere.example', 404],
      ['127.0.0.1.nip.io', 404],
      ['elsewhere.localhost', 404],
      ['local.localhost.elsewhere.example', 404],
      ['local.local.localhost', 404],
      ['elsewhere.communication.azure.com', 404],
      ['elsewhere.local-1.eventgrid.azure.net', 404],
      ['local-1.eventgrid.azure.net', 404],
      ['localhost-', 400],
      ['localhost.', 400],
      ['127.0.0.1.', 400],
      ['.localhost', 400],
      ['localhost:', 400],
      ['localhost:x', 400],
      ['localhost:-1', 400],
      ['localhost:80:80', 400],
      ['localhost:123456', 400],
      ['localhost:80@elsewhere.example', 400],
      ['user@localhost', 400],
      ['user:password@localhost', 400],
      ['localhost/health', 400],
      ['localhost?x', 400],
      ['localhost#x', 400],
      ['localhost, elsewhere.example', 400],
      ['localhost elsewhere.example', 400],
      ['local%68ost', 400],
      ['*', 400],
      ['[::1', 400],
      ['::1', 400],
      ['[::1]x', 400],
      ['[::1%25lo]', 400],
      ['[localhost]', 400],
      ['[::ffff:10.0.0.1]', 404],
      ['[fe80::1]', 404],
      ['0.0.0.0', 404],
      ['0', 404],
      ['2130706433', 404],
      ['0x7f000001', 404],
      ['0177.0.0.1', 404],
      ['10.0.0.1', 404],
      ['169.254.169.254', 404],
      ['x'.repeat(254), 400],
      ['l\xf6calhost', 400],
    ] as const)('R2: Host %s is refused on every route', async (host, status) => {
      for (const operation of OPERATIONS) {
        const target = targetOf(operation, PARAMS);
        const answer = await send(listener, `${operation.method} ${target} HTTP/1.1`, [
          `Host: ${host}`,
          'Connection: close',
          'Content-Length: 0',
          admin(),
        ]);
        expect(answer.status, `${operation.id}: ${JSON.stringify(answer)}`).toBe(status);
        expect(expectEnvelope({ ...answer, text: answer.body }).message).toMatch(/host/i);
      }
      const upgrade = await send(listener, 'GET /socket.io/1/websocket/x HTTP/1.1', [`Host: ${host}`, ...SOCKET]);
      expect(upgrade.status).toBe(status);
    });

    it.each([
      'localhost',
      'LOCALHOST',
      'LocalHost:1',
      '127.0.0.1',
      '127.1.2.3:99',
      '[::1]',
      '[::1]:443',
      'local.localhost',
      'LOCAL.Communication.Azure.com',
    ])('R127: beside all that, Host %s is served', async (host) => {
      expect((await send(listener, 'GET /health HTTP/1.1', [`Host: ${host}`, 'Connection: close'])).status).toBe(200);
    });

    it.each(FOREIGN_ORIGINS)(
      'bad input: a page of %s may not call the admin API, not even with its key, and reads no answer',
      async (origin) => {
        for (const operation of OPERATIONS.filter(({ auth }) => auth === 'admin')) {
          for (const method of [operation.method, 'OPTIONS']) {
            for (const slash of ['', '/']) {
              const line = `${method} ${slash}${targetOf(operation, PARAMS)} HTTP/1.1`;
              const asked = ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: authorization'];
              const answer = await send(listener, line, [ownHost(listener), `Origin: ${origin}`, 'Connection: close', admin(), ...asked]);
              expect(answer.status, `${line}: ${JSON.stringify(answer)}`).toBe(403);
              expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
              expectEnvelope({ ...answer, text: answer.body });
            }
          }
        }
      },
    );

    it('bad input: a page of another port of this machine may not call the admin API either', async () => {
      for (const origin of ['http://localhost:1', 'https://127.0.0.1', 'http://local.localhost', 'http://[::1]:8080']) {
        const answer = await send(listener, 'GET /admin/status HTTP/1.1', [
          ownHost(listener),
          `Origin: ${origin}`,
          'Connection: close',
          admin(),
        ]);
        expect(answer.status).toBe(403);
      }
      const own = `Origin: ${new URL(ground.server.ready[listener]).origin}`;
      expect((await send(listener, 'GET /admin/status HTTP/1.1', [ownHost(listener), own, 'Connection: close', admin()])).status).toBe(200);
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
      'bad input: what a form can post as %s never reaches the admin API',
      async (contentType) => {
        const body = '{"name":"made-by-a-form"}';
        const headers = [ownHost(listener), admin(), `Content-Type: ${contentType}`, `Content-Length: ${body.length}`, 'Connection: close'];
        const answer = await sendRaw(ground.server.ready[listener], head('POST /admin/resources HTTP/1.1', headers) + body);
        expect(answer?.status).toBe(415);
        expect((await ground.server.admin('GET', '/admin/resources/made-by-a-form')).status).toBe(404);
      },
    );
  });

  it.each(FOREIGN_ORIGINS)('bad input: a page of %s may call nothing on the plain listener, and open no socket', async (origin) => {
    for (const operation of OPERATIONS) {
      const line = `${operation.method} ${targetOf(operation, PARAMS)} HTTP/1.1`;
      const answer = await send('httpEndpoint', line, [
        ownHost('httpEndpoint'),
        `Origin: ${origin}`,
        'Connection: close',
        'Content-Length: 0',
        admin(),
      ]);
      expect(answer.status, line).toBe(403);
      expectEnvelope({ ...answer, text: answer.body });
    }
    const upgrade = await send('httpEndpoint', 'GET /socket.io/1/websocket/x HTTP/1.1', [
      ownHost('httpEndpoint'),
      `Origin: ${origin}`,
      ...SOCKET,
    ]);
    expect(upgrade.status).toBe(403);
  });

  it('bad input: a page of elsewhere may use the data plane over HTTPS, where its token is all it has, and no cookie counts', async () => {
    const { user } = await newScene(ground);
    const line = 'GET /chat/threads?api-version=2025-03-15 HTTP/1.1';
    const from = [ownHost('endpoint'), 'Origin: https://elsewhere.example', 'Connection: close'];
    const served = await send('endpoint', line, [...from, `Authorization: Bearer ${user.token}`]);
    expect([served.status, served.headers['access-control-allow-origin'], served.headers['access-control-allow-credentials']]).toEqual([
      200,
      '*',
      undefined,
    ]);
    expect((await send('endpoint', line, [...from, `Cookie: token=${user.token}; authorization=Bearer ${user.token}`])).status).toBe(401);
  });

  itSurvives(() => ground);
});

/** Something in every place: what is asked for does not matter when the one who asks is refused. */
const PARAMS = Object.fromEntries(OPERATIONS.flatMap(paramNamesOf).map((name) => [name, 'x']));
