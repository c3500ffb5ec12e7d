import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventReceiver } from '../../lib/event-receiver.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ args: ['--memory', '--delivery-timeout', '1s'] });
});
afterAll(() => server.stop());

interface Shown {
  readonly provisioningState?: string;
  readonly error?: { readonly message: string };
}

const subscribe = (name: string, endpointUrl: string) => server.admin<Shown>('POST', '/admin/events/subscriptions', { name, endpointUrl });

/** An endpoint that speaks bytes. */
async function openRaw(talk: (socket: Socket) => void): Promise<{ readonly url: string; readonly asked: () => number } & AsyncDisposable> {
  let asked = 0;
  const sockets = new Set<Socket>();
  const raw: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      asked += 1;
      talk(socket);
    });
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(raw.address() as AddressInfo).port}/`,
    asked: () => asked,
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => raw.close(() => resolve()));
    },
  };
}

/** Writes a byte again and again, for as long as anybody reads. */
function dribble(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{');
  const timer = setInterval(() => socket.write(' '), 50);
  socket.on('close', () => clearInterval(timer));
}

describe.concurrent('an endpoint that answers the handshake', () => {
  it.each<[how: string, talk: (socket: Socket) => void]>([
    ['never', () => undefined],
    ['with bytes that are no HTTP', (socket) => void socket.end('garbage\r\n\r\n')],
    ['by closing the connection', (socket) => void socket.destroy()],
    ['with a redirection', (socket) => void socket.end('HTTP/1.1 307 x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n')],
    ['with headers without end', (socket) => void socket.write(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(100_000)}`)],
  ])('%s, is refused with the reason after two tries, and holds up no other', async (how, talk) => {
    await using hostile = await openRaw(talk);
    await using receiver = await EventReceiver.open();
    const name = `h-${how.replaceAll(/\W/g, '-').slice(0, 40)}`;
    let isOver = false;
    const refused = subscribe(name, hostile.url).finally(() => (isOver = true));
    expect(await subscribe(`${name}-good`, receiver.url)).toMatchObject({ status: 201 });
    expect(isOver).toBe(false);
    expect(await refused).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('did not pass the validation handshake') as string } },
    });
    expect(hostile.asked()).toBe(2);
  });

  it.each<[how: string, talk: (socket: Socket) => void]>([
    ['byte by byte', dribble],
    ['with a page', (socket) => void socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<html>')],
    ['with JSON that is no object', (socket) => void socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nnull')],
    ['with more than anybody reads', (socket) => void socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${'['.repeat(3_000_000)}`)],
  ])('%s with 200 has not agreed', async (how, talk) => {
    await using hostile = await openRaw(talk);
    const { status, body } = await subscribe(`a-${how.replaceAll(/\W/g, '-')}`, hostile.url);
    expect({ status, state: body.provisioningState }).toEqual({ status: 201, state: 'AwaitingManualAction' });
  });
});
