import type { ChatMessage } from '@switchboard/contract';
import { describe, expect, it, vi } from 'vitest';
import { ChatRest, threadPath } from '../lib/chat-rest.ts';
import { type ChatUser, newUsers } from '../lib/chat-user.ts';
import { connectLive, type LiveClient } from '../lib/live-client.ts';
import { startServer } from '../lib/server.ts';
import { liveConnections, residentBytes } from '../lib/server-measures.ts';
import { TemporaryFolder } from '../lib/temporary.ts';
import { mapConcurrently } from '../load/concurrently.ts';

/** `STORM_SOCKETS=5000` is the long form. */
const SOCKETS = Number(process.env['STORM_SOCKETS'] ?? 2_000);
/** As many as a user may have. */
const DEVICES = 100;
/** Connections being opened at a time, when there is time, and when all come back at once. */
const AT_ONCE = 64;
const AT_ONCE_IN_A_STORM = 1_000;
/** Of those that come back, one in so many brings a new message. */
const CLIENTS_PER_MESSAGE = 100;
const KILOBYTE = 1024;
/** What the server may weigh with thousands of connections, beyond what it weighed without. */
const GROWTH_BYTES = 100_000 * KILOBYTE + SOCKETS * 100 * KILOBYTE;
const TIMEOUT_MS = 200_000 + SOCKETS * 100;

/** Opens so many connections, some at a time. */
function openAll<T>(count: number, open: (index: number) => Promise<T>, limit = AT_ONCE): Promise<T[]> {
  return mapConcurrently(
    Array.from({ length: count }, (_, index) => index),
    { limit, map: open },
  );
}

/** Until the last of the texts was pushed. */
async function hear(clients: readonly LiveClient[], last: string): Promise<void> {
  await Promise.all(clients.map(({ pushes }) => pushes.take(({ event }) => event['messageBody'] === last, TIMEOUT_MS)));
}

describe('thousands of live connections', () => {
  it(
    `R48 R34: ${SOCKETS} sockets hear each message once and in order, and after a crash all come back at once and miss none`,
    { timeout: TIMEOUT_MS },
    async () => {
      using folder = new TemporaryFolder();
      let server = await startServer({ data: folder.path });
      const users = await newUsers(server, SOCKETS / DEVICES);
      const userOf = (index: number): ChatUser => users[index % users.length]!;
      const threadId = await new ChatRest(server.ready.httpEndpoint, users[0]!).createThread(users.slice(1));
      const sent: string[] = [];
      const say = async (text: string): Promise<void> => {
        await new ChatRest(server.ready.httpEndpoint, users[0]!).send(threadId, text);
        sent.push(text);
      };
      const before = residentBytes(server);
      const old = await openAll(SOCKETS, (index) => connectLive(server.ready.httpEndpoint, userOf(index)));
      for (let i = 0; i < 5; i++) await say(`before ${i}`);
      await hear(old, sent.at(-1)!);
      for (const client of old) expect(client.texts()).toEqual(sent);
      expect(residentBytes(server) - before).toBeLessThan(GROWTH_BYTES);

      await server.kill();
      await Promise.all(old.map(({ closed }) => closed));
      server = await startServer({ data: folder.path, httpPort: Number(new URL(server.ready.httpEndpoint).port) });
      // While they come back, everybody else is served.
      let answered = 0;
      const back = new AbortController();
      const asking = (async () => {
        while (!back.signal.aborted) answered += Number((await server.admin('GET', '/admin/status')).status === 200);
      })();
      const returned = await openAll(
        SOCKETS,
        async (index) => {
          if (index % CLIENTS_PER_MESSAGE === 0) await say(`meanwhile ${index}`);
          return comeBack(server.ready.httpEndpoint, { user: userOf(index), old: old[index]!, threadId });
        },
        AT_ONCE_IN_A_STORM,
      );
      back.abort();
      await asking;
      expect(answered).toBeGreaterThan(3);
      for (let i = 0; i < 5; i++) await say(`after ${i}`);
      const clients = returned.map(({ client }) => client);
      await hear(clients, sent.at(-1)!);
      expect(await liveConnections(server)).toBe(SOCKETS);
      const everything = [...sent].sort();
      for (const [index, { client, listed }] of returned.entries()) {
        const pushed = client.texts();
        expect(new Set(pushed).size).toBe(pushed.length);
        expect([...new Set([...old[index]!.texts(), ...listed, ...pushed])].sort()).toEqual(everything);
      }
      expect(residentBytes(server) - before).toBeLessThan(GROWTH_BYTES);
      for (const { socket } of clients) socket.terminate();
      await vi.waitFor(async () => expect(await liveConnections(server)).toBe(0), 60_000);
      await server.stop();
    },
  );

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

/** As the guide to catching up says: a new connection in the place of the old one, then a list of what was missed, then the registration for pushes. */
async function comeBack(
  endpoint: string,
  { user, old, threadId }: { readonly user: ChatUser; readonly old: LiveClient; readonly threadId: string },
): Promise<{ readonly client: LiveClient; readonly listed: readonly unknown[] }> {
  const client = await connectLive(endpoint, user, {
    connectparams: old.allocation.connectparams,
    registrationId: old.registrationId,
    registers: false,
    greetingTimeoutMs: TIMEOUT_MS,
  });
  const lastId = Math.max(...old.pushes.all.map(({ event }) => Number(event['messageId'] ?? 0)));
  const startTime = new Date(lastId).toISOString();
  const pages = await new ChatRest(endpoint, user).pages<ChatMessage>(`${threadPath(threadId)}/messages`, { startTime });
  const { status } = await client.register(user);
  expect(status).toBe(202);
  return { client, listed: pages.flat().flatMap(({ type, content }) => (type === 'text' ? [content?.message] : [])) };
}
