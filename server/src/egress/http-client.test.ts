import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualTimers } from '../lib/testing.ts';
import { CallGroup } from './call-group.ts';
import { EgressPolicy, type Resolve } from './egress-policy.ts';
import { type HttpAnswer, HttpClient, MOST_ANSWER_BYTES } from './http-client.ts';

const TIMEOUT_MS = 30_000;
const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

async function listening(server: Server, sockets: Set<Socket>): Promise<URL> {
  server.on('connection', (socket) => sockets.add(socket));
  opened.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
}

function httpEndpoint(listener: RequestListener): Promise<URL> {
  return listening(createHttpServer(listener), new Set());
}

/** An endpoint that speaks bytes: `talk` runs when the request has come. */
function rawEndpoint(talk: (socket: Socket) => void): Promise<URL> {
  return listening(
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => talk(socket));
    }),
    new Set(),
  );
}

function client(timers = new ManualTimers(), policy = new EgressPolicy('any')): HttpClient {
  const made = new HttpClient({ timers, policy });
  opened.push(() => made.close());
  return made;
}

function post(from: HttpClient, url: URL, group?: CallGroup): Promise<HttpAnswer> {
  return from.send({ method: 'POST', url, headers: {}, body: '[]', timeoutMs: TIMEOUT_MS, group });
}

/** Resolves when the headers of an answer, and what came with them, have been read. */
function answerBegun(): Promise<void> {
  const channel = 'http.client.response.finish';
  return new Promise((resolve) => {
    const onAnswer = (): void => {
      unsubscribe(channel, onAnswer);
      setImmediate(resolve);
    };
    subscribe(channel, onAnswer);
  });
}

describe('a call', () => {
  it('answers with status, headers and body', async () => {
    const url = await httpEndpoint((request, response) => {
      response.writeHead(201, { 'x-length': request.headers['content-length'] });
      response.end('made');
    });
    const answer = await post(client(), url);
    expect(answer).toMatchObject({ status: 201, headers: { 'x-length': '2' } });
    expect(answer.body.toString()).toBe('made');
  });

  it('does not follow redirects', async () => {
    let asked = 0;
    const url = await httpEndpoint((_, response) => {
      asked += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await post(client(), url)).status).toBe(302);
    expect(asked).toBe(1);
  });

  it('fails when nothing answers within its time', async () => {
    const timers = new ManualTimers();
    const silent = Promise.withResolvers<undefined>();
    const url = await rawEndpoint(() => silent.resolve(undefined));
    const call = expect(post(client(timers), url)).rejects.toMatchObject({ reason: 'timedOut', message: 'no answer within 30 s' });
    await silent.promise;
    timers.advance(TIMEOUT_MS);
    await call;
  });

  it('takes what has come of a body that dribbles when the time is over', async () => {
    const timers = new ManualTimers();
    const url = await rawEndpoint((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nab'));
    const begun = answerBegun();
    const call = post(client(timers), url);
    await begun;
    timers.advance(TIMEOUT_MS);
    const answer = await call;
    expect([answer.status, answer.body.toString()]).toEqual([200, 'ab']);
  });

  it('ends a call that dribbles its headers, and never holds more of them than a few kilobytes', async () => {
    const endless = await rawEndpoint((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const line = `x-filler: ${'a'.repeat(4_000)}\r\n`;
      for (let count = 0; count < 100; count += 1) socket.write(line);
    });
    await expect(post(client(), endless)).rejects.toMatchObject({
      reason: 'socket',
      message: 'the headers of the answer are too large (HPE_HEADER_OVERFLOW)',
    });
  });

  it('reads no more of a body than it needs', async () => {
    const closed = Promise.withResolvers<undefined>();
    const url = await rawEndpoint((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const write = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'a')));
      };
      socket.on('drain', write).on('close', () => closed.resolve(undefined));
      write();
    });
    expect((await post(client(), url)).body).toHaveLength(MOST_ANSWER_BYTES);
    await closed.promise;
  });

  it.each([
    ['closes without a word', '', /closed before an answer/],
    ['closes amid its headers', 'HTTP/1.1 200 OK\r\ncontent-le', /closed before an answer|aborted/],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', /Parse Error/],
    [
      'switches protocols',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
      /closed before an answer|Parse Error/,
    ],
  ])('fails when the endpoint %s', async (_what, bytes, message) => {
    const url = await rawEndpoint((socket) => void socket.end(bytes));
    await expect(post(client(), url)).rejects.toMatchObject({ reason: 'socket', message: expect.stringMatching(message) as unknown });
  });

  it.each([
    ['100 Continue first', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'],
    ['103 Early Hints first', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nok'],
    ['an end before that of the body', 'HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nok'],
  ])('takes an answer with %s', async (_what, bytes) => {
    const url = await rawEndpoint((socket) => void socket.end(bytes));
    const answer = await post(client(), url);
    expect([answer.status, answer.body.toString()]).toEqual([200, 'ok']);
  });

  it('tells a handshake of TLS that fails', async () => {
    const url = await rawEndpoint((socket) => void socket.end('no TLS here'));
    await expect(post(client(), new URL(url.href.replace('http:', 'https:')))).rejects.toMatchObject({
      reason: 'socket',
      message: 'it does not speak TLS (EPROTO)',
    });
  });

  it('can be given up', async () => {
    const asked = Promise.withResolvers<undefined>();
    const url = await rawEndpoint(() => asked.resolve(undefined));
    const group = new CallGroup();
    const call = expect(post(client(), url, group)).rejects.toMatchObject({ reason: 'abandoned' });
    await asked.promise;
    group.end();
    await call;
    await expect(post(client(), url, group)).rejects.toMatchObject({ reason: 'abandoned' });
  });

  it('is sent again when a kept connection turns out to be closed', async () => {
    let connections = 0;
    let requests = 0;
    const url = await listening(
      createServer((socket) => {
        connections += 1;
        socket.on('error', () => undefined);
        socket.on('data', () => {
          requests += 1;
          // The second request on the first connection meets its end.
          if (requests === 2) socket.destroy();
          else socket.write('HTTP/1.1 204 No Content\r\n\r\n');
        });
      }),
      new Set(),
    );
    const calling = client();
    expect((await post(calling, url)).status).toBe(204);
    expect((await post(calling, url)).status).toBe(204);
    expect([connections, requests]).toEqual([2, 3]);
  });
});

describe('under the policy public', () => {
  it('nothing is connected for an address, or for a name that resolves to one, that is not public', async () => {
    let connections = 0;
    const url = await rawEndpoint((socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const resolve: Resolve = (_hostname, _options, callback) => {
      connections += 1;
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const calling = client(new ManualTimers(), new EgressPolicy('public', resolve));
    await expect(post(calling, url)).rejects.toMatchObject({ reason: 'refused' });
    expect(connections).toBe(0);
    await expect(post(calling, new URL(`http://rebinding.example:${url.port}/`))).rejects.toMatchObject({ reason: 'refused' });
    expect(connections).toBe(1);
  });
});
