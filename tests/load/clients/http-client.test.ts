import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { HttpClient } from './http-client.ts';

const opened: { close(): unknown }[] = [];
afterEach(() => opened.splice(0).forEach((it) => it.close()));

async function clientOf(listener: RequestListener): Promise<HttpClient> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // An AddressInfo for every TCP server.
  const { port } = server.address() as AddressInfo;
  const client = new HttpClient({ authority: `localhost:${port}`, port, connections: 2 });
  opened.push(client, server);
  return client;
}

it('sends more requests than it has connections, and gives each its own answer', async () => {
  const client = await clientOf((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => response.writeHead(201, { 'Content-Length': text.length }).end(text));
  });
  const bodies = Array.from({ length: 20 }, (_, index) => `{"n":${index}}`);
  const answers = await Promise.all(bodies.map((body) => client.request({ method: 'POST', target: '/', body })));
  expect(answers).toEqual(bodies.map((body) => ({ status: 201, body })));
});

it('reads an answer that comes in pieces, and one without a body', async () => {
  const client = await clientOf((request, response) => {
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    response.writeHead(200, { 'Content-Length': 9 }).write('é', () => response.write('piece', () => response.end('é')));
  });
  expect(await client.request({ method: 'GET', target: '/' })).toEqual({ status: 200, body: 'épieceé' });
  expect(await client.request({ method: 'DELETE', target: '/' })).toEqual({ status: 204, body: '' });
});

it('rejects when the connection ends before the answer, and connects anew for the next request', async () => {
  let requests = 0;
  const client = await clientOf((request, response) => {
    requests += 1;
    if (requests === 1) request.socket.destroy();
    else response.writeHead(200, { 'Content-Length': 2 }).end('ok');
  });
  await expect(client.request({ method: 'GET', target: '/' })).rejects.toThrow();
  expect(await client.request({ method: 'GET', target: '/' })).toEqual({ status: 200, body: 'ok' });
});

it('rejects an answer without a length', async () => {
  const client = await clientOf((_, response) => void response.writeHead(200, { 'Transfer-Encoding': 'chunked' }).end('ok'));
  await expect(client.request({ method: 'GET', target: '/' })).rejects.toThrow('Content-Length');
});
