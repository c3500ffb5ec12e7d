import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { newUser, newUsers } from '../../lib/chat-user.ts';
import { connectLive } from '../../lib/live-client.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { liveConnections, residentBytes } from '../../lib/server-measures.ts';

const SLOW_READERS = 20;
const MESSAGES = 300;
/** 28 KB that are 67 KB as pushed: 20 MB for each reader in the end, 400 MB if the server kept it for all who do not read. */
const LARGE = '€'.repeat(9_557);
const BOUND_BYTES = 200 * 1024 ** 2;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.stop());

describe('clients that never read', () => {
  it('R48: are cut, cost bounded memory, and hold nobody else up', async () => {
    const [alice, bob] = await newUsers(server, 2);
    const rest = new ChatRest(server.endpoint, alice!);
    const reader = await connectLive(server.endpoint, alice!);
    const slow = await Promise.all(Array.from({ length: SLOW_READERS }, () => connectLive(server.endpoint, bob!)));
    const threadId = await rest.createThread([bob!]);
    for (const { socket } of slow) socket.pause();
    const before = residentBytes(server);
    let peak = before;
    for (let sent = 0; sent < MESSAGES; sent += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, i) => rest.send(threadId, `${sent + i} ${LARGE.slice(10)}`)));
      peak = Math.max(peak, residentBytes(server));
    }
    const last = await rest.send(threadId, 'last');
    await reader.pushes.take(({ event }) => event['messageId'] === last);

    expect(reader.texts()).toHaveLength(MESSAGES + 1);
    expect(peak - before).toBeLessThan(BOUND_BYTES);
    await vi.waitFor(async () => expect(await liveConnections(server)).toBe(1));
    for (const { socket, closed } of slow) {
      socket.resume();
      expect(await closed).toMatchObject({ code: 1006 });
    }
    reader.socket.terminate();
  });

  it('R48: come back as anybody else', async () => {
    const bob = await newUser(server);
    using live = await connectLive(server.endpoint, bob);
    const rest = new ChatRest(server.endpoint, bob);
    const threadId = await rest.createThread();
    await rest.send(threadId, 'Hello');
    expect(await live.event(200, threadId)).toMatchObject({ messageBody: 'Hello' });
  });
});
