import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newUsers } from '../lib/chat-user.ts';
import { connectLive, type LiveClient } from '../lib/live-client.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { Ears } from './lib/ears.ts';
import { newWorld, restOf, storm, violationsIn } from './lib/world.ts';

const SLOW_READERS = 200;
const PADDING = 28_000;
const MEGABYTE = 1024 * 1024;
/** What may wait for one connection before it is cut, twice: as text, and while it is joined and copied. */
const BYTES_PER_READER = 2 * MEGABYTE;
const HEADROOM_BYTES = 256 * MEGABYTE;
/** Far more than the buffers of the operating system hold for one connection. */
const MAX_SENDS = 600;

describe('live clients that never read', () => {
  it('R34: are cut before they cost memory, while everybody else hears everything', async () => {
    await using server = await startServer();
    const world = await newWorld(server, { members: 4, threads: 1 });
    const slow = await connectSlowReaders(server, world.threadIds[0]!, world.members[0]!);
    try {
      using ears = new Ears(world);
      await ears.connect(server);
      const bytesBefore = residentBytes(server);
      let mostBytes = 0;
      const sending = storm(server, world, { padding: PADDING, maxSends: MAX_SENDS });
      while ((await liveConnections(server)) > world.members.length + 1) {
        await sending.acknowledged(20);
        mostBytes = Math.max(mostBytes, residentBytes(server));
      }
      await sending.stop();
      await ears.settled();
      expect((await violationsIn(server, world, { hearings: ears.hearings() })).slice(0, 5)).toEqual([]);
      expect(sending.refusals).toEqual([]);
      expect(mostBytes - bytesBefore).toBeLessThan(SLOW_READERS * BYTES_PER_READER + HEADROOM_BYTES);
    } finally {
      for (const client of slow) client[Symbol.dispose]();
    }
  });
});

/** Users of their own, in the thread beside its members, whose sockets take nothing any more. */
async function connectSlowReaders(server: TestServer, threadId: string, owner: Parameters<typeof restOf>[1]): Promise<LiveClient[]> {
  const users = await newUsers(server, SLOW_READERS);
  expect((await restOf(server, owner).add(threadId, users)).status).toBe(201);
  const clients: LiveClient[] = [];
  for (const user of users) {
    const client = await connectLive(server.ready.httpEndpoint, user);
    client.socket.pause();
    clients.push(client);
  }
  return clients;
}

async function liveConnections(server: TestServer): Promise<number> {
  return (await server.admin<{ liveConnections: number }>('GET', '/admin/status')).body.liveConnections;
}

/** Resident memory of the server's process, which is Linux's to know. */
function residentBytes(server: TestServer): number {
  const status = readFileSync(`/proc/${server.ready.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
