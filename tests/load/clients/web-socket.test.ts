import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { WebSocketClient } from './web-socket.ts';

const opened: { close(): unknown }[] = [];
afterEach(() => opened.splice(0).forEach((it) => it.close()));

/** A server by the `ws` package, one client of ours and the texts that client gets. */
async function connected(): Promise<{ server: WebSocket; socket: Socket; client: WebSocketClient; texts: string[]; lost: Promise<Error> }> {
  const http = createServer().listen(0, '127.0.0.1');
  const listener = new WebSocketServer({ server: http });
  await once(http, 'listening');
  const accepted = once(listener, 'connection');
  // An AddressInfo for every TCP server.
  const { port } = http.address() as AddressInfo;
  const client = await WebSocketClient.connect({ authority: `localhost:${port}`, port, target: '/' });
  // What `ws` emits with a connection.
  const [server, { socket }] = (await accepted) as [WebSocket, { socket: Socket }];
  const texts: string[] = [];
  const { promise: lost, resolve } = Promise.withResolvers<Error>();
  client.listen({ onText: (text) => texts.push(text), onLost: resolve });
  opened.push(client, http);
  return { server, socket, client, texts, lost };
}

/** Resolves when everything the server has sent so far is handled: the client answers a ping after it. */
async function handled(server: WebSocket): Promise<void> {
  server.ping('so far');
  expect(String((await once(server, 'pong'))[0])).toBe('so far');
}

it.each([0, 125, 126, 65_535, 65_536])('reads a text of %d characters', async (length) => {
  const { server, texts } = await connected();
  server.send('x'.repeat(length));
  await handled(server);
  expect(texts).toEqual(['x'.repeat(length)]);
});

it('reads several frames of one chunk, and a frame that comes byte by byte', async () => {
  const { server, socket, texts } = await connected();
  socket.write(Buffer.from('\x81\x01a\x81\x01b\x81', 'latin1'));
  for (const byte of Buffer.from('\x03cde', 'latin1')) await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
  await handled(server);
  expect(texts).toEqual(['a', 'b', 'cde']);
});

it.each([1, 125, 126, 65_535])('sends a text of %d characters', async (length) => {
  const { server, client } = await connected();
  const message = once(server, 'message');
  client.send('x'.repeat(length));
  expect(String((await message)[0])).toBe('x'.repeat(length));
});

it('tells when the server closes', async () => {
  const { server, lost } = await connected();
  server.close();
  expect((await lost).message).toContain('close');
});

it('rejects when the server refuses the upgrade', async () => {
  const http = createServer().listen(0, '127.0.0.1');
  http.on('upgrade', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  await once(http, 'listening');
  opened.push(http);
  // An AddressInfo for every TCP server.
  const { port } = http.address() as AddressInfo;
  await expect(WebSocketClient.connect({ authority: 'localhost', port, target: '/' })).rejects.toThrow('403');
});
