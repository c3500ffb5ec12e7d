import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { operation, type OperationAuth } from '@switchboard/contract';
import { Type } from 'typebox';
import { Backlog } from '../../lib/backlog.ts';
import { VirtualClock } from '../../lib/clock.ts';
import { ApiError } from '../../lib/errors.ts';
import { ManualTimers, recordingLog, RepeatableRandom } from '../../lib/testing.ts';
import { UnavailableError } from '../../storage/index.ts';
import { START_MS } from '../../storage/testing.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { reply } from '../call.ts';
import { HttpServer } from '../http-server.ts';
import { OriginPolicy } from '../origins.ts';
import { FewResources, NO_TOPICS, PlainTokens } from '../testing.ts';

export const MAX_BODY_BYTES = 2_000;
export const VERSION = 'api-version=2025-06-30';

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
export async function serve() {
  const resources = new FewResources(['local', 'other']);
  const { log, lines } = recordingLog();
  const http = new HttpServer({
    backlog: new Backlog(Infinity),
    authenticator: new Authenticator({
      resources,
      tokens: new PlainTokens(resources),
      topics: NO_TOPICS,
      adminKey: 'the-admin-key',
      publicHosts: [],
      realNow: () => START_MS,
      checkDate: true,
    }),
    origins: new OriginPolicy(resources, NO_TOPICS),
    faults: { isActive: false, strike: () => undefined },
    clock: new VirtualClock(START_MS),
    timers: new ManualTimers(),
    random: new RepeatableRandom(),
    log,
    maxBodyBytes: MAX_BODY_BYTES,
    inspect: true,
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
    http.route(declared, (call) => {
      served += 1;
      const { params, body } = call;
      // The one operation without a parameter has no `id`.
      const { id } = params as { readonly id?: string };
      const text = body.text === undefined ? {} : { text: body.text };
      return reply(
        200,
        { method: declared.method, ...(id === undefined ? {} : { id }), ...text, hash: call.bodyHash() },
        { 'x-extra': 'yes' },
      );
    });
  }
  const failing = operation({ ...echo('GET', '/fail/{id}', 'none'), params: Type.Object({ id: Type.String() }), body: Type.Unknown() });
  http.route(failing, ({ params }) => Promise.reject(FAULTS[params.id]?.() as Error));
  http.serve('/files/*', ({ rest, accept }) => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: `${rest} for ${accept}` }));
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
    [Symbol.dispose]: () => {
      server.close();
      server.closeAllConnections();
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
