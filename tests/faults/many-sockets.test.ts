import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { ChatRest, threadPath } from '../lib/chat-rest.ts';
import { type ChatUser, newUsers } from '../lib/chat-user.ts';
import { connectLive, type LiveClient } from '../lib/live-client.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { TemporaryFolder } from '../lib/temporary.ts';
import { mapConcurrently } from '../load/concurrently.ts';

const DEVICES = 100;
/** Connections being opened at a time. */
const AT_ONCE = 64;
const MEGABYTE = 1024 * 1024;
/** What the server may weigh with thousands of connections, beyond what it weighed without. */
const GROWTH_BYTES = 300 * MEGABYTE;

/** Opens so many connections, some at a time. */
function openAll(count: number, open: (index: number) => Promise<LiveClient>): Promise<LiveClient[]> {
  return mapConcurrently(
    Array.from({ length: count }, (_, index) => index),
    { limit: AT_ONCE, map: open },
  );
}

async function liveConnections(server: TestServer): Promise<number> {
  return (await server.admin<{ liveConnections: number }>('GET', '/admin/status')).body.liveConnections;
}

function residentBytes(server: TestServer): number {
  const status = readFileSync(`/proc/${server.ready.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

describe('thousands of live connections', () => {
  it('R48 R34: 2,000 sockets of 20 users hear each message once and in order, and all come back after a crash', async () => {
    using folder = new TemporaryFolder();
    let server = await startServer({ data: folder.path });
    const users = await newUsers(server, 20);
    const userOf = (index: number): ChatUser => users[index % users.length]!;
    const threadId = await new ChatRest(server.ready.httpEndpoint, users[0]!).createThread(users.slice(1));
    const before = residentBytes(server);
    const count = users.length * DEVICES;
    let clients = await openAll(count, (index) => connectLive(server.ready.httpEndpoint, userOf(index)));
    const hear = async (round: string): Promise<void> => {
      const texts = Array.from({ length: 5 }, (_, i) => `${round} ${i}`);
      const rest = new ChatRest(server.ready.httpEndpoint, users[0]!);
      for (const text of texts) await rest.send(threadId, text);
      await Promise.all(clients.map(({ pushes }) => pushes.take(({ event }) => event['messageBody'] === texts.at(-1), 60_000)));
      for (const client of clients) expect(client.texts()).toEqual(texts);
    };
    await hear('before');
    expect(residentBytes(server) - before).toBeLessThan(GROWTH_BYTES);

    await server.kill();
    await Promise.all(clients.map(({ closed }) => closed));
    const { httpEndpoint } = server.ready;
    server = await startServer({ data: folder.path, httpPort: Number(new URL(httpEndpoint).port) });
    const old = clients;
    // While they come back, everybody else is served.
    let answered = 0;
    const back = new AbortController();
    const asking = (async () => {
      while (!back.signal.aborted) answered += Number((await server.admin('GET', '/admin/status')).status === 200);
    })();
    clients = await openAll(count, (index) =>
      connectLive(server.ready.httpEndpoint, userOf(index), {
        connectparams: old[index]!.allocation.connectparams,
        registrationId: old[index]!.registrationId,
      }),
    );
    back.abort();
    await asking;
    expect(answered).toBeGreaterThan(10);
    await hear('after');
    for (const { socket } of clients) socket.terminate();
    await vi.waitFor(async () => expect(await liveConnections(server)).toBe(0), 20_000);
    await server.stop();
  });

  it('R36 R48: in a thread of 250 everybody types at once, and everybody hears of everybody', async () => {
    await using server = await startServer();
    const users = await newUsers(server, 250);
    const endpoint = server.ready.httpEndpoint;
    const threadId = await new ChatRest(endpoint, users[0]!).createThread(users.slice(1));
    const clients = await openAll(users.length, (index) => connectLive(endpoint, users[index]!));
    await Promise.all(users.map((user) => new ChatRest(endpoint, user).call('POST', `${threadPath(threadId)}/typing`, { body: {} })));
    await new ChatRest(endpoint, users[0]!).send(threadId, 'done');
    for (const client of clients) {
      await client.pushes.take(({ event }) => event['messageBody'] === 'done', 60_000);
      const typing = client.pushes.all.filter(({ event }) => event.eventId === 245).map(({ event }) => event['senderId']);
      expect(new Set(typing).size).toBe(typing.length);
      expect(typing).toHaveLength(users.length);
      client.socket.terminate();
    }
  });
});
