import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChatRest, expectRefusal } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { connectLive } from '../../lib/live-client.ts';
import { newResource } from '../../lib/resources.ts';
import type { TestServer } from '../../lib/server.ts';
import { liveConnections } from '../../lib/server-measures.ts';
import { STORES, type TestStore } from '../../lib/stores.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

interface ResourceList {
  readonly value: readonly { readonly name: string; readonly immutableResourceId: string }[];
}

describe.each(STORES)('POST /admin/reset on $name', ({ open }) => {
  let store: TestStore;
  let server: TestServer;
  const folder = new TemporaryFolder();
  beforeAll(async () => {
    store = await open();
    const limits = folder.write('limits.yaml', JSON.stringify({ 'identity.create-rate': 4 }));
    server = await store.start({ args: ['--clock', 'virtual', '--limits', limits] });
  });
  // Every test finds what a first start leaves.
  beforeEach(() => reset());
  afterAll(async () => {
    await server.stop();
    await store[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const reset = async (): Promise<void> => expect((await server.admin('POST', '/admin/reset')).status).toBe(204);
  const resources = async () => (await server.admin<ResourceList>('GET', '/admin/resources')).body.value;

  it('leaves the default resource with the key that was announced, and nothing else', async () => {
    await newResource(server);
    await server.admin('POST', '/admin/resources/local/:regenerateKey', { keyType: 'primary' });
    const [before] = await resources();
    await reset();
    expect(await resources()).toEqual([expect.objectContaining({ name: 'local' })]);
    expect((await resources())[0]?.immutableResourceId).not.toBe(before?.immutableResourceId);
    const { body } = await server.admin<{ primaryConnectionString: string }>('GET', '/admin/resources/local');
    expect(body.primaryConnectionString).toBe(server.connectionString);
  });

  it('ends users and their tokens, and their threads; the key set stays', async () => {
    const keys = async () => (await fetch(new URL('/.well-known/jwks.json', server.ready.httpEndpoint))).json();
    const [before, user] = [await keys(), await newUser(server)];
    const old = new ChatRest(server.ready.httpEndpoint, user);
    const threadId = await old.createThread();
    await old.send(threadId, 'gone');
    await reset();
    expectRefusal(await old.call('GET', '/chat/threads'), { status: 401, code: 'Unauthorized' });
    expect(await keys()).toEqual(before);
    const fresh = new ChatRest(server.ready.httpEndpoint, await newUser(server));
    expect(await fresh.threads()).toEqual([]);
    expectRefusal(await fresh.call('GET', `/chat/threads/${encodeURIComponent(threadId)}`), { status: 404, code: 'NotFound' });
    const own = await fresh.createThread();
    await fresh.send(own, 'new');
    expect((await fresh.messages(own)).map(({ content }) => content?.message)).toContain('new');
  });

  it('forgets requests, used-up rates and the time of a virtual clock', async () => {
    const create = async () => (await server.admin('POST', '/admin/identities', {})).status;
    await server.admin('POST', '/admin/clock:advance', { by: 'P400D' });
    while ((await create()) !== 429);
    const before = Date.now();
    await reset();
    expect(await create()).toBe(201);
    const { body: clock } = await server.admin<{ kind: string; now: string }>('GET', '/admin/clock');
    expect(clock.kind).toBe('virtual');
    expect(Date.parse(clock.now)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(clock.now)).toBeLessThanOrEqual(Date.now());
    const { body: requests } = await server.admin<{ value: { path: string }[] }>('GET', '/admin/requests?limit=1000');
    expect(requests.value.map(({ path }) => path)).toEqual(['/admin/clock', '/admin/identities', '/admin/reset']);
  });

  it('closes live connections, whose clients are refused when they come back', async () => {
    const user = await newUser(server);
    using live = await connectLive(server.ready.httpEndpoint, user);
    await reset();
    await live.closed;
    await expect(connectLive(server.ready.httpEndpoint, user)).rejects.toThrow(/answered 401/);
    expect(await liveConnections(server)).toBe(0);
    const { body: presence } = await server.admin<{ value: unknown[] }>('GET', '/admin/chat/presence');
    expect(presence.value).toEqual([]);
  });

  it('cancels work that waits: a thread deleted before is not purged into the new state', async () => {
    const old = new ChatRest(server.ready.httpEndpoint, await newUser(server));
    const first = await old.createThread();
    await old.call('DELETE', `/chat/threads/${encodeURIComponent(first)}`);
    await reset();
    const fresh = new ChatRest(server.ready.httpEndpoint, await newUser(server));
    const threadId = await fresh.createThread();
    // Under the old state the purge of the first thread would be due then; its number in the store is this thread's now.
    expect((await server.admin('POST', '/admin/clock:advance', { by: 'P31D' })).status).toBe(200);
    expect((await server.admin('POST', '/admin/clock:set', { to: new Date().toISOString() })).status).toBe(200);
    expect((await fresh.threads()).map(({ id }) => id)).toEqual([threadId]);
  });

  it('may be asked for by several at once, and again and again', async () => {
    await Promise.all(Array.from({ length: 5 }, reset));
    expect(await resources()).toHaveLength(1);
    expect((await new ChatRest(server.ready.httpEndpoint, await newUser(server)).threads()).length).toBe(0);
  });
});
