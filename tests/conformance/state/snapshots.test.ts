import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, expectRefusal } from '../../lib/chat-rest.ts';
import { freshToken, newUser, newUsers } from '../../lib/chat-user.ts';
import { connectLive } from '../../lib/live-client.ts';
import type { AdminAnswer, TestServer } from '../../lib/server.ts';
import { STORES, type TestStore } from '../../lib/stores.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

interface Snapshot {
  readonly name: string;
  readonly savedAt: string;
  readonly clock: { readonly kind: string; readonly now: string };
}

const DAY_MS = 86_400_000;

describe.each(STORES)('snapshots on $name', ({ open }) => {
  let store: TestStore;
  let server: TestServer;
  beforeAll(async () => {
    store = await open();
    server = await store.start({ args: ['--clock', 'virtual'] });
  });
  afterEach(async () => {
    for (const { name } of (await list()).value) await server.admin('DELETE', `/admin/snapshots/${name}`);
  });
  afterAll(async () => {
    await server.stop();
    await store[Symbol.asyncDispose]();
  });

  const save = (name: string, more: object = {}): Promise<AdminAnswer<Snapshot>> =>
    server.admin('POST', '/admin/snapshots', { name, ...more });
  const restore = (name: string): Promise<AdminAnswer<Snapshot>> => server.admin('POST', `/admin/snapshots/${name}:restore`);
  const list = async () => (await server.admin<{ value: readonly Snapshot[] }>('GET', '/admin/snapshots')).body;
  const clock = async () => (await server.admin<{ now: string }>('GET', '/admin/clock')).body.now;

  it('bring everything back: users and their tokens, threads, messages, and the time', async () => {
    const [alice, bob] = await newUsers(server, 2);
    const rest = new ChatRest(server.ready.httpEndpoint, alice!);
    const threadId = await rest.createThread([bob!]);
    await rest.send(threadId, 'before');
    const saved = await save('two-users');
    expect(saved).toMatchObject({ status: 201, body: { name: 'two-users', clock: { kind: 'virtual', now: await clock() } } });

    await rest.send(threadId, 'after');
    await rest.remove(threadId, bob!);
    await server.admin('POST', '/admin/clock:advance', { by: 'P2D' });
    const stranger = await newUser(server);
    expect(await restore('two-users')).toEqual({ status: 200, body: saved.body });
    expect(await clock()).toBe(saved.body.clock.now);
    expect((await rest.messages(threadId)).map(({ content }) => content?.message).filter(Boolean)).toEqual(['before']);
    expect(await rest.participants(threadId)).toHaveLength(2);
    const gone = new ChatRest(server.ready.httpEndpoint, stranger);
    expectRefusal(await gone.call('GET', '/chat/threads'), { status: 401, code: 'Unauthorized' });
    await new ChatRest(server.ready.httpEndpoint, bob!).send(threadId, 'goes on');
  });

  it('are not touched by a reset, and can be restored after it', async () => {
    const user = await newUser(server);
    await save('kept');
    expect((await server.admin('POST', '/admin/reset')).status).toBe(204);
    expect((await list()).value.map(({ name }) => name)).toEqual(['kept']);
    expect((await restore('kept')).status).toBe(200);
    expect(await new ChatRest(server.ready.httpEndpoint, user).threads()).toEqual([]);
  });

  it('bring revocations and keys back as they were', async () => {
    const user = await newUser(server);
    const rest = new ChatRest(server.ready.httpEndpoint, user);
    await save('valid');
    const { body } = await server.admin<{ primaryConnectionString: string }>('POST', '/admin/resources/local/:regenerateKey', {
      keyType: 'primary',
    });
    expect(body.primaryConnectionString).not.toBe(server.connectionString);
    expectRefusal(await rest.call('GET', '/chat/threads'), { status: 401, code: 'Unauthorized' });
    await restore('valid');
    expect((await rest.call('GET', '/chat/threads')).status).toBe(200);
    await freshToken(server, user);
  });

  it('schedule again what was to happen later', async () => {
    const rest = new ChatRest(server.ready.httpEndpoint, await newUser(server, { expiresInMinutes: 1440 }));
    const threadId = await rest.createThread();
    const sent = Number(await rest.send(threadId, 'ends after 30 days'));
    await save('young');
    const shown = async (): Promise<number> => {
      const { user } = rest;
      const later = new ChatRest(server.ready.httpEndpoint, await freshToken(server, user));
      return (await later.messages(threadId)).filter(({ type }) => type === 'text').length;
    };
    for (let round = 0; round < 2; round++) {
      await server.admin('POST', '/admin/clock:advance', { to: new Date(sent + 30 * DAY_MS - 1).toISOString() });
      expect(await shown()).toBe(1);
      await server.admin('POST', '/admin/clock:advance', { by: 'PT1S' });
      expect(await shown()).toBe(0);
      await restore('young');
    }
    expect(await shown()).toBe(1);
  });

  it('make live clients connect again, and then push to them', async () => {
    const [alice, bob] = await newUsers(server, 2);
    const rest = new ChatRest(server.ready.httpEndpoint, alice!);
    const threadId = await rest.createThread([bob!]);
    await save('live');
    using before = await connectLive(server.ready.httpEndpoint, bob!);
    expect((await restore('live')).status).toBe(200);
    await before.closed;
    using after = await connectLive(server.ready.httpEndpoint, bob!);
    await rest.send(threadId, 'pushed');
    expect((await after.event(200, threadId))['messageBody']).toBe('pushed');
  });

  it('are listed by name, replaced on demand only, and deleted', async () => {
    await save('b');
    await save('a');
    expect((await save('b')).status).toBe(409);
    expect((await save('b', { replace: true })).status).toBe(201);
    expect((await list()).value.map(({ name }) => name)).toEqual(['a', 'b']);
    expect((await server.admin('DELETE', '/admin/snapshots/a')).status).toBe(204);
    expect((await server.admin('DELETE', '/admin/snapshots/a')).status).toBe(404);
    expect((await restore('a')).status).toBe(404);
  });

  it.each(['', 'A', '-', '../x', 'a/b', 'a b', 'a.b', '..', 'x'.repeat(49), 'ü', 'a"; drop schema public', 'a\0b'])(
    'bad input: %j is no name',
    async (name) => {
      expect((await save(name)).status).toBe(400);
      const path = `/admin/snapshots/${encodeURIComponent(name)}`;
      expect([400, 404, 405]).toContain((await server.admin('POST', `${path}:restore`)).status);
      expect([400, 404, 405]).toContain((await server.admin('DELETE', path)).status);
      expect(readdirSync(server.data)).not.toContain('x.db');
    },
  );
});

describe.each(STORES.filter(({ name }) => name !== 'SQLite in memory'))('a snapshot on $name', ({ open }) => {
  it('outlives the server that saved it', async () => {
    await using store = await open();
    using folder = new TemporaryFolder();
    const first = await store.start({ data: folder.path });
    const user = await newUser(first);
    expect((await first.admin('POST', '/admin/snapshots', { name: 'lasting' })).status).toBe(201);
    expect((await first.admin('POST', '/admin/reset')).status).toBe(204);
    await first.stop();
    await using next = await store.start({ data: folder.path });
    expect((await next.admin('POST', '/admin/snapshots/lasting:restore')).status).toBe(200);
    expect(await new ChatRest(next.ready.httpEndpoint, user).threads()).toEqual([]);
  });
});
