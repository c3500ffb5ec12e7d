import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import { MemberSocket } from './member-socket.ts';
import { messageTail } from './payload.ts';
import { MessageStore, type Message } from './store.ts';
import { Tokens } from './tokens.ts';
import { acceptUpgrade } from './upgrade.ts';

const [, , folder = '.'] = process.argv;
const store = new MessageStore(folder);
const tokens = new Tokens();
const rooms = new Map<string, Set<MemberSocket>>();

const http = createServer(handle);
http.on('upgrade', (request, socket) => {
  if (socket instanceof Socket) join(request, socket);
});
http.listen(0, '127.0.0.1');
await once(http, 'listening');
// An AddressInfo for every TCP server.
console.log(JSON.stringify({ port: (http.address() as AddressInfo).port }));

function handle(request: IncomingMessage, response: ServerResponse): void {
  const [, area, name = ''] = request.url?.split('/') ?? [];
  if (area === 'tokens') answer(response, 201, tokens.issue(name));
  else if (request.method === 'GET') answer(response, 200, JSON.stringify(store.newest(name) ?? {}));
  else readSend(request, response, name);
}

function readSend(request: IncomingMessage, response: ServerResponse, room: string): void {
  const user = tokens.userOf(request.headers.authorization);
  if (user === undefined) {
    answer(response, 401, '{}');
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [first = Buffer.alloc(0)] = chunks;
    const { content } = JSON.parse((chunks.length === 1 ? first : Buffer.concat(chunks)).toString()) as { content: string };
    store.insert({ room, sender: user, content, createdMs: Date.now() }, (message) => {
      answer(response, 201, `{"id":"${message.id}"}`);
      push(message);
    });
  });
}

/** Frames of one batch gather in each socket's string; the sockets write them when the batch is done. */
function push(message: Message): void {
  const tail = messageTail(message);
  for (const socket of rooms.get(message.room) ?? []) socket.push(tail);
}

function join(request: IncomingMessage, socket: Socket): void {
  const room = new URL(request.url ?? '/', 'http://localhost').searchParams.get('room');
  acceptUpgrade(request, socket);
  const member = new MemberSocket(socket);
  if (room === null) return;
  const members = rooms.get(room) ?? new Set();
  rooms.set(room, members.add(member));
  socket.on('close', () => members.delete(member));
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
}
