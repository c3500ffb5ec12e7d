import type { RequestDetail, RequestRecord } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, threadPath } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { connectLive } from '../../lib/live-client.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { runCommand } from '../../lib/switchboard-command.ts';

interface Requests {
  readonly value: readonly RequestRecord[];
  readonly leftOut: number;
}

async function requests(server: TestServer, query: Readonly<Record<string, string>> = {}): Promise<Requests> {
  const { status, body } = await server.admin<Requests>('GET', `/admin/requests?${new URLSearchParams(query).toString()}`);
  expect(status).toBe(200);
  return body;
}

async function detail(server: TestServer, id: string): Promise<RequestDetail> {
  const { status, body } = await server.admin<RequestDetail>('GET', `/admin/requests/${id}`);
  expect(status).toBe(200);
  return body;
}

describe('the request inspector', () => {
  const stack = new AsyncDisposableStack();
  let server: TestServer;
  let chat: ChatRest;
  let threadId: string;

  beforeAll(async () => {
    server = stack.use(await startServer());
    chat = new ChatRest(server.endpoint, await newUser(server));
    threadId = await chat.createThread();
  });
  afterAll(() => stack.disposeAsync());

  it('shows what came in and what was answered, without credentials', async () => {
    const { headers } = await chat.call('POST', `${threadPath(threadId)}/messages`, { body: { content: 'Hi 100 % 🎉' } });
    const found = await detail(server, headers.get('x-ms-request-id') ?? '');
    expect(found).toMatchObject({
      method: 'POST',
      operation: 'ChatThread_SendChatMessage',
      status: 201,
      resource: 'local',
      caller: chat.user.id,
      inspection: 'on',
      request: { body: { text: '{"content":"Hi 100 % 🎉"}', complete: true } },
      response: { body: { text: expect.stringMatching(/^\{"id":"\d+"\}$/) as string, complete: true } },
    });
    expect(found.durationMs).toBeGreaterThan(0);
    expect(found.request?.headers).toContainEqual({ name: 'authorization', value: 'Bearer •••' });
    expect(found.response?.headers).toContainEqual({ name: 'x-ms-request-id', value: headers.get('x-ms-request-id') });
    expect(found.response?.headers).toContainEqual({ name: 'content-length', value: headers.get('content-length') });
  });

  it('shows no token and no access key, wherever they stand', async () => {
    const secrets = [chat.user.token, server.ready.adminKey];
    const { body: resource } = await server.admin<{ primaryKey: string; secondaryKey: string }>('POST', '/admin/resources', {
      name: 'seen',
    });
    secrets.push(resource.primaryKey, resource.secondaryKey);
    const live = await connectLive(server.endpoint, chat.user);
    secrets.push(...['sr', 'sig'].map((name) => live.allocation.connectparams[name] ?? ''));
    live[Symbol.dispose]();
    expect(secrets.every((secret) => secret.length > 10)).toBe(true);
    const { value } = await requests(server, { limit: '1000' });
    const all = await Promise.all(value.map(({ id }) => detail(server, id)));
    expect(all.some(({ operation }) => operation === 'Admin_CreateResource')).toBe(true);
    expect(all.some(({ status, path }) => status === 101 && path.startsWith('/socket.io/1/websocket/'))).toBe(true);
    const text = JSON.stringify(all);
    for (const secret of secrets) expect(text.includes(secret), `${secret.slice(0, 6)}…`).toBe(false);
  });

  it('shows live connections with their user', async () => {
    const user = await newUser(server);
    using _live = await connectLive(server.endpoint, user);
    const { value } = await requests(server, { caller: user.id, status: '101' });
    expect(value).toHaveLength(1);
    expect(value[0]).toMatchObject({ method: 'GET', resource: 'local', caller: user.id });
  });

  it('finds by every property that a request has', async () => {
    const stranger = new ChatRest(server.endpoint, await newUser(server));
    await stranger.call('GET', threadPath(threadId));
    const [refused] = (await requests(server, { caller: stranger.user.id })).value;
    const filters = [
      { status: '403' },
      { status: '4xx' },
      { operation: 'ChatThread_GetChatThreadProperties' },
      { method: 'GET', path: threadId },
      { rule: 'chat.not-participant' },
      { resource: 'local', refused: 'true', admin: 'false' },
    ] as readonly Readonly<Record<string, string>>[];
    for (const filter of filters) {
      const { value } = await requests(server, { ...filter, limit: '1' });
      expect(value[0]?.id, JSON.stringify(filter)).toBe(refused?.id);
    }
    for (const filter of [{ status: '404' }, { method: 'PUT' }, { resource: 'nowhere' }, { caller: `${stranger.user.id}x` }]) {
      expect((await requests(server, filter)).value, JSON.stringify(filter)).toEqual([]);
    }
  });

  it('waits for the next request that is asked for, and tells it at once', async () => {
    const [last] = (await requests(server, { limit: '1' })).value;
    const sent = requests(server, { after: last?.id ?? '', operation: 'ChatThread_SendChatMessage', wait: '30s' });
    await chat.call('GET', '/chat/threads');
    await chat.send(threadId, 'waited for');
    const { value, leftOut } = await sent;
    expect(value.map(({ operation, status }) => [operation, status])).toEqual([['ChatThread_SendChatMessage', 201]]);
    expect(leftOut).toBe(0);
    // It is over when nothing comes, and not before its time.
    expect(await requests(server, { after: value[0]?.id ?? '', caller: 'nobody', wait: '10ms' })).toEqual({ value: [], leftOut: 0 });
  });

  it('names the limit that refused, its value and the preset', async () => {
    const { headers } = await chat.call('POST', '/chat/threads', { body: { topic: 'x'.repeat(1_000) } });
    expect(await detail(server, headers.get('x-ms-request-id') ?? '')).toMatchObject({
      status: 400,
      limit: { name: 'chat.topic-characters', value: 250, preset: 'handbook' },
    });
  });

  it('needs the admin key, and refuses to wait for ever', async () => {
    expect((await fetch(new URL('/admin/requests', server.endpoint))).status).toBe(401);
    expect((await server.admin('GET', '/admin/requests?wait=1h')).status).toBe(400);
  });
});

describe('the setting inspect', () => {
  it.each([
    ['off', ['--inspect', 'off'], 'off'],
    ['bound to a host of others', ['--host', '0.0.0.0'], 'off'],
    ['bound to a host of others, but asked for', ['--host', '0.0.0.0', '--inspect', 'on'], 'on'],
  ] as const)('%s', async (_what, args, inspection) => {
    await using server = await startServer({ args, env: { SWITCHBOARD_ACCESS_KEY: 'generate', SWITCHBOARD_PUBLIC_HOSTS: 'localhost' } });
    // The endpoint names the address that the server is bound to.
    const endpoint = `http://localhost:${new URL(server.ready.httpEndpoint).port}/`;
    const chat = new ChatRest(endpoint, await newUser(server));
    const threadId = await chat.createThread();
    await chat.send(threadId, 'a private word');
    const [sent] = (await requests(server, { operation: 'ChatThread_SendChatMessage' })).value;
    const found = await detail(server, sent?.id ?? '');
    expect(found.inspection).toBe(inspection);
    expect(JSON.stringify(found).includes('a private word')).toBe(inspection === 'on');
    expect(server.log).not.toContain('a private word');
  });
});

it('a stop ends the waits', async () => {
  const server = await startServer();
  const waiting = requests(server, { caller: 'nobody', wait: '60s' });
  // Another request that is answered shows that the first has arrived.
  await requests(server);
  expect(await server.stop()).toBe(0);
  expect((await waiting).value).toEqual([]);
});

it('`switchboard why` tells the limit', async () => {
  await using server = await startServer();
  const chat = new ChatRest(server.endpoint, await newUser(server));
  const { headers } = await chat.call('POST', '/chat/threads', { body: { topic: 'x'.repeat(1_000) } });
  const { out } = await runCommand(['why', headers.get('x-ms-request-id') ?? '', '--data', server.data]);
  expect(out).toMatch(/^Limit {4}chat\.topic-characters: 250 under the preset handbook$/m);
});
