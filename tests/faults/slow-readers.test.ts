import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { listChatMessages } from '@switchboard/contract';
import { describe, expect, it, vi } from 'vitest';
import { CHAT_API_VERSION, threadPath } from '../lib/chat-rest.ts';
import { type ChatUser, newUser, newUsers } from '../lib/chat-user.ts';
import { connectLive, type LiveClient } from '../lib/live-client.ts';
import { residentBytes } from '../lib/server-measures.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { TemporaryFolder } from '../lib/temporary.ts';
import { mapConcurrently } from '../load/concurrently.ts';
import { Ears } from './lib/ears.ts';
import { newWorld, restOf, storm, violationsIn } from './lib/world.ts';

/** `SLOW_READERS=1000` is the long form. */
const SLOW_READERS = Number(process.env['SLOW_READERS'] ?? 200);
/** Connections being opened at a time. */
const AT_ONCE = 50;
/** A thread takes 250 participants: more readers are further devices of the same users. */
const MOST_USERS = 200;
const PADDING = 28_000;
const MEGABYTE = 1024 * 1024;
/** What may wait for one live connection, and by default for all of them. */
const BYTES_PER_READER = MEGABYTE;
const BYTES_OF_ALL = 256 * MEGABYTE;
const HEADROOM_BYTES = 256 * MEGABYTE;
/** Far more than the buffers of the operating system hold for one connection. */
const MAX_SENDS = 600;
const TIMEOUT_MS = 300_000 + SLOW_READERS * 500;

interface Status {
  readonly liveConnections: number;
  readonly unreadBytes: number;
}

interface Peak {
  residentBytes: number;
  unreadBytes: number;
}

async function statusOf(server: TestServer): Promise<Status> {
  return (await server.admin<Status>('GET', '/admin/status')).body;
}

async function measure(server: TestServer, peak: Peak): Promise<Status> {
  const status = await statusOf(server);
  peak.unreadBytes = Math.max(peak.unreadBytes, status.unreadBytes);
  peak.residentBytes = Math.max(peak.residentBytes, residentBytes(server));
  return status;
}

describe('live clients that never read', () => {
  it('R34: are cut before they cost memory, while everybody else hears everything', { timeout: TIMEOUT_MS }, async () => {
    await using server = await startServer();
    const mostUnread = Math.min(SLOW_READERS * BYTES_PER_READER, BYTES_OF_ALL);
    const { before, peak } = await outlast(server);
    expect(peak.unreadBytes).toBeLessThanOrEqual(mostUnread);
    // Twice: as text, and while it is joined and copied.
    expect(peak.residentBytes - before).toBeLessThan(2 * mostUnread + HEADROOM_BYTES);
  });

  it(
    'R34: share one bound: below their own, those are cut who have taken nothing for the longest time',
    { timeout: TIMEOUT_MS },
    async () => {
      using folder = new TemporaryFolder();
      const mostUnread = (SLOW_READERS * BYTES_PER_READER) / 8;
      await using server = await startServer({ args: ['--limits', folder.write('limits.yaml', `http.unread-bytes: ${mostUnread}`)] });
      const { peak } = await outlast(server);
      expect(peak.unreadBytes).toBeGreaterThan(mostUnread / 4);
      expect(peak.unreadBytes).toBeLessThanOrEqual(mostUnread);
    },
  );
});

/** Sends until every connection that never reads has been cut, and holds what everybody else heard against what was sent. */
async function outlast(server: TestServer): Promise<{ readonly before: number; readonly peak: Peak }> {
  const world = await newWorld(server, { members: 4, threads: 1 });
  const slow = await connectSlowReaders(server, world.threadIds[0]!, world.members[0]!);
  try {
    using ears = new Ears(world);
    await ears.connect(server);
    const before = residentBytes(server);
    const peak = { residentBytes: before, unreadBytes: 0 };
    const sending = storm(server, world, { padding: PADDING, maxSends: MAX_SENDS });
    while ((await measure(server, peak)).liveConnections > world.members.length + 1) await sending.acknowledged(5);
    await sending.stop();
    await ears.settled();
    expect((await violationsIn(server, world, { hearings: ears.hearings() })).slice(0, 5)).toEqual([]);
    expect(sending.refusals).toEqual([]);
    expect((await statusOf(server)).unreadBytes).toBe(0);
    return { before, peak };
  } finally {
    for (const client of slow) client[Symbol.dispose]();
  }
}

/** Users of their own, in the thread beside its members, whose sockets take nothing any more. */
async function connectSlowReaders(server: TestServer, threadId: string, owner: ChatUser): Promise<LiveClient[]> {
  const users = await newUsers(server, Math.min(SLOW_READERS, MOST_USERS));
  expect((await restOf(server, owner).add(threadId, users)).status).toBe(201);
  const devices = Array.from({ length: SLOW_READERS }, (_, index) => users[index % users.length]!);
  return mapConcurrently(devices, {
    limit: AT_ONCE,
    map: async (user) => {
      const client = await connectLive(server.ready.httpEndpoint, user);
      client.socket.pause();
      return client;
    },
  });
}

describe('clients that never read the answers to their requests', () => {
  it('are cut when too much waits for them together, while everybody else is answered', { timeout: TIMEOUT_MS }, async () => {
    using folder = new TemporaryFolder();
    const mostUnread = (SLOW_READERS * MEGABYTE) / 4;
    await using server = await startServer({ args: ['--limits', folder.write('limits.yaml', `http.unread-bytes: ${mostUnread}`)] });
    const user = await newUser(server);
    const rest = restOf(server, user);
    const threadId = await rest.createThread([]);
    const texts = Array.from({ length: 200 }, () => 'x'.repeat(PADDING));
    await mapConcurrently(texts, { limit: 8, map: (text) => rest.send(threadId, text) });
    const before = residentBytes(server);
    const peak = { residentBytes: before, unreadBytes: 0 };
    const asking = Array.from({ length: SLOW_READERS }, () => askAndNeverRead(server, user, threadId));
    try {
      while ((await pagesServed(server)) < SLOW_READERS) await measure(server, peak);
      expect((await rest.messages(threadId)).filter(({ type }) => type === 'text')).toHaveLength(texts.length);
      expect(peak.unreadBytes).toBeGreaterThan(mostUnread / 2);
      expect(peak.unreadBytes).toBeLessThanOrEqual(mostUnread);
      // Each answer leaves garbage of several times its size, which the collector takes in its own time.
      expect(peak.residentBytes - before).toBeLessThan(2 * mostUnread + 3 * HEADROOM_BYTES);
      const ends = await Promise.all(asking.map(readToTheEnd));
      // Those who were not cut get what they asked for, however late they read it.
      expect(ends.filter((isWhole) => isWhole).length).toBeGreaterThan(0);
      expect(ends.filter((isWhole) => !isWhole).length).toBeGreaterThan(SLOW_READERS / 2);
    } finally {
      for (const socket of asking) socket.destroy();
    }
    await vi.waitFor(async () => expect((await statusOf(server)).unreadBytes).toBe(0), 20_000);
  });
});

/** Answers to pages of messages so far, as far as the request log remembers. */
async function pagesServed(server: TestServer): Promise<number> {
  const query = `operation=${listChatMessages.id}&limit=1000`;
  return (await server.admin<{ value: unknown[] }>('GET', `/admin/requests?${query}`)).body.value.length;
}

/** Asks for a page of some 6 MB, to be closed behind it. */
function askAndNeverRead(server: TestServer, { token }: ChatUser, threadId: string): Socket {
  const { hostname, port, host } = new URL(server.ready.httpEndpoint);
  const socket = connect({ host: hostname, port: Number(port) });
  // A connection that was cut says so when it is read at last.
  socket.on('error', () => socket.destroy());
  socket.pause();
  const target = `${threadPath(threadId)}/messages?maxPageSize=200&api-version=${CHAT_API_VERSION}`;
  socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  return socket;
}

/** @returns whether the whole answer came */
async function readToTheEnd(socket: Socket): Promise<boolean> {
  let length = 0;
  let head = '';
  socket.on('data', (chunk: Buffer) => {
    if (length === 0) head = chunk.toString('latin1');
    length += chunk.length;
  });
  const closed = once(socket, 'close');
  socket.resume();
  await closed;
  const expected = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
  return length === head.indexOf('\r\n\r\n') + 4 + expected;
}
