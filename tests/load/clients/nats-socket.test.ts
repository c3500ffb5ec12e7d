import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NatsSocket } from './nats-socket.ts';

let server: Server;
let answer: (line: string, socket: Socket) => void;
let messages: string[];
let lost: Error[];

beforeEach(async () => {
  [messages, lost] = [[], []];
  answer = () => undefined;
  server = createServer((socket) => {
    socket.write('INFO {}\r\n');
    socket.on('data', (chunk) => {
      for (const line of String(chunk).split('\r\n')) {
        if (line === 'PING') socket.write('PONG\r\n');
        else answer(line, socket);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.close();
});

function connect(): Promise<NatsSocket> {
  // An AddressInfo for every TCP server.
  const { port } = server.address() as AddressInfo;
  return NatsSocket.connect({ port, onMessage: (payload) => messages.push(payload), onLost: (error) => lost.push(error) });
}

it('reads messages however they are cut into chunks', async () => {
  const text = 'MSG rooms.1 2 5\r\nhello\r\nMSG rooms.1 2 7\r\na\r\nb\r\nc\r\n';
  answer = (line, socket) => {
    if (line.startsWith('SUB rooms.1')) for (const character of text) socket.write(character);
  };
  const client = await connect();
  await client.subscribe('rooms.1');
  await expect.poll(() => messages).toEqual(['hello', 'a\r\nb\r\nc']);
  client.close();
});

it('resolves a request with the answer to it, and rejects a refusal', async () => {
  answer = (line, socket) => {
    const [, subject, reply] = /^PUB (\S+) (\S+) /.exec(line) ?? [];
    const payload = subject === 'rooms.1' ? '{"seq":1}' : '{"error":{}}';
    if (reply !== undefined) socket.write(`MSG ${reply} 1 ${payload.length}\r\n${payload}\r\n`);
  };
  const client = await connect();
  await expect(client.request('rooms.1', 'hello')).resolves.toBe('{"seq":1}');
  await expect(client.request('elsewhere', 'hello')).rejects.toThrow('NATS refused: {"error":{}}');
  client.close();
});

it('rejects what is under way when the connection ends', async () => {
  answer = (line, socket) => {
    if (line.startsWith('PUB')) socket.destroy();
  };
  const client = await connect();
  await expect(client.request('rooms.1', 'hello')).rejects.toThrow('closed a connection');
  expect(lost).toHaveLength(1);
});
