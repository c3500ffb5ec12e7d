import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveConnectionItem, PresenceItem } from '@switchboard/contract';
import { AdminChat } from '../../lib/admin-chat.ts';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser, newUsers } from '../../lib/chat-user.ts';
import { connectLive } from '../../lib/live-client.ts';
import { connectPolling } from '../../lib/polling-client.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
let admin: AdminChat;
beforeAll(async () => {
  server = await startServer();
  admin = new AdminChat(server);
});
afterAll(() => server.stop());

async function presenceOf({ id }: ChatUser, view: AdminChat = admin) {
  const { status, body } = await view.get<PresenceItem & { value: LiveConnectionItem[] }>(`presence/${encodeURIComponent(id)}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** An isolated resource with users of its own. */
async function elsewhere(count: number) {
  const { name } = await newResource(server);
  const users = await Promise.all(Array.from({ length: count }, () => newUser(server, { resource: name })));
  return { view: new AdminChat(server, name), users: users.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

describe('presence', () => {
  it('tells who is connected, how often and since when, and who was seen last', async () => {
    const user = await newUser(server);
    expect(await presenceOf(user)).toEqual({ userId: user.id, connections: 0, value: [] });
    using first = await connectLive(server.endpoint, user);
    using second = await connectLive(server.endpoint, user, { registers: false });
    const both = await presenceOf(user);
    expect(both).toMatchObject({ userId: user.id, connections: 2 });
    expect(both.value.map(({ transport, registered }) => [transport, registered])).toEqual([
      ['websocket', true],
      ['websocket', false],
    ]);
    expect(both.connectedSince).toBe(both.value[0]!.since);
    for (const { since, lastHeard } of both.value) expect(Date.parse(lastHeard)).toBeGreaterThanOrEqual(Date.parse(since));

    first.socket.close();
    await first.closed;
    await expect.poll(async () => (await presenceOf(user)).connections, { timeout: 10_000 }).toBe(1);
    second.socket.close();
    await expect.poll(async () => (await presenceOf(user)).connections, { timeout: 10_000 }).toBe(0);
    const gone = await presenceOf(user);
    expect(gone).toEqual({ userId: user.id, connections: 0, lastSeen: gone.lastSeen, value: [] });
    expect(Date.parse(gone.lastSeen!)).toBeGreaterThanOrEqual(Date.parse(both.lastSeen!));
  });

  it('tells long polling from sockets', async () => {
    const user = await newUser(server);
    await connectPolling(server.endpoint, user);
    expect((await presenceOf(user)).value).toMatchObject([{ transport: 'longPolling' }]);
  });

  it('is listed by user, page by page, connected or gone', async () => {
    const { view, users } = await elsewhere(4);
    using connections = new DisposableStack();
    for (const user of users) connections.use(await connectLive(server.endpoint, user));
    expect((await view.presence()).map(({ userId, connections }) => [userId, connections])).toEqual(users.map(({ id }) => [id, 1]));
    expect((await view.pages<PresenceItem>('presence', { maxPageSize: 3 })).map((page) => page.length)).toEqual([3, 1]);
    const [, leaving] = users as [ChatUser, ChatUser];
    using once = await connectLive(server.endpoint, leaving);
    once.socket.close();
    connections.dispose();
    await expect.poll(async () => (await view.presence({ connected: true })).length, { timeout: 10_000 }).toBe(0);
    using _back = await connectLive(server.endpoint, leaving);
    expect((await view.presence({ connected: true })).map(({ userId }) => userId)).toEqual([leaving.id]);
    expect((await view.presence({ connected: false })).map(({ userId }) => userId)).toEqual(
      users.filter((user) => user !== leaving).map(({ id }) => id),
    );
    expect(await view.presence()).toHaveLength(4);
  });

  it('R4: is of one resource', async () => {
    const { view, users } = await elsewhere(1);
    using _live = await connectLive(server.endpoint, users[0]!);
    expect((await admin.presence()).map(({ userId }) => userId)).not.toContain(users[0]!.id);
    expect((await admin.get(`presence/${encodeURIComponent(users[0]!.id)}`)).status).toBe(404);
    expect((await presenceOf(users[0]!, view)).connections).toBe(1);
  });

  it('shows with the participants of a thread', async () => {
    const [here, away] = (await newUsers(server, 2)) as [ChatUser, ChatUser];
    const threadId = await new ChatRest(server.endpoint, here).createThread([away]);
    using _live = await connectLive(server.endpoint, here);
    const { participants } = await admin.thread(threadId);
    expect(participants.find(({ id }) => id === here.id)).toMatchObject({ connected: true, lastSeen: expect.any(String) as string });
    expect(participants.find(({ id }) => id === away.id)).toEqual({
      id: away.id,
      shareHistoryTime: '1970-01-01T00:00:00.000Z',
      connected: false,
    });
  });

  it('tells the time of the server’s clock', async () => {
    await using own = await startServer({ args: ['--clock', 'virtual'] });
    const there = new AdminChat(own);
    const user = await newUser(own);
    const { body: clock } = await own.admin<{ now: string }>('GET', '/admin/clock');
    using live = await connectLive(own.endpoint, user);
    const connected = await presenceOf(user, there);
    expect(connected).toMatchObject({ connectedSince: clock.now, lastSeen: clock.now });
    const { body: later } = await own.admin<{ now: string }>('POST', '/admin/clock:advance', { by: 'PT1H' });
    live.socket.close();
    await expect.poll(async () => (await presenceOf(user, there)).connections, { timeout: 10_000 }).toBe(0);
    expect((await presenceOf(user, there)).lastSeen).toBe(later.now);
  });
});
