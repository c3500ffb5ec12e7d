import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultRule } from '@switchboard/contract';
import { ChatRest, expectRefusal, threadPath } from '../../lib/chat-rest.ts';
import { CHAT_SDK, CHAT_SDKS } from '../../lib/chat-sdk.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { setFaults, strikesOf } from '../../lib/faults.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { runCommand } from '../../lib/switchboard-command.ts';

const SEND = 'ChatThread_SendChatMessage';
const CREATE = 'Chat_CreateChatThread';

interface Remembered {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly caller?: string;
  readonly fault?: string;
  readonly rule?: string;
  readonly cause?: string;
  readonly cure?: string;
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** A user alone in a thread, and the rules of one test for that user only. */
async function scene(...rules: readonly FaultRule[]): Promise<{ user: ChatUser; rest: ChatRest; threadId: string }> {
  await setFaults(server);
  const user = await newUser(server);
  const rest = new ChatRest(server.endpoint, user);
  const threadId = await rest.createThread();
  await setFaults(server, ...rules.map((rule) => ({ ...rule, match: { user: user.id, ...rule.match } })));
  return { user, rest, threadId };
}

async function textsIn(rest: ChatRest, threadId: string): Promise<unknown[]> {
  return (await rest.messages(threadId)).flatMap(({ type, content }) => (type === 'text' ? content?.message : []));
}

/** What the server remembers of the requests of this user that rules had a hand in, oldest first. */
async function struckRequests({ id }: ChatUser): Promise<Remembered[]> {
  const { body } = await server.admin<{ value: Remembered[] }>('GET', '/admin/requests?limit=100');
  return body.value.filter(({ fault, caller }) => fault !== undefined && caller === id).reverse();
}

describe('an answer in the place of the operation', () => {
  it.each(CHAT_SDKS.flatMap((sdk) => [429, 503].map((status) => ({ sdk, status, version: sdk.version }))))(
    'R152: a $status with Retry-After is retried by chat SDK $version, which then succeeds, once',
    async ({ sdk, status }) => {
      const { user, rest, threadId } = await scene({
        name: `busy-${status}`,
        match: { operation: SEND },
        count: 2,
        http: { status, retryAfterSeconds: 1 },
      });
      const { id } = await sdk.clientOf(server, user).getChatThreadClient(threadId).sendMessage({ content: 'Hello' });
      expect(await textsIn(rest, threadId)).toEqual(['Hello']);
      expect((await rest.message(threadId, id)).content).toEqual({ message: 'Hello' });
      expect((await struckRequests(user)).map((request) => request.status)).toEqual([status, status]);
    },
  );

  it('has the envelope of every other refusal, the code of its status or its own, and the name of the rule', async () => {
    const { rest } = await scene(
      { name: 'gone', count: 1, http: { status: 404, code: 'ThreadLost', message: 'Where is it?' } },
      { name: 'busy', http: { status: 503, retryAfterSeconds: 7 } },
    );
    const first = await rest.call('GET', '/chat/threads');
    expectRefusal(first, { status: 404, code: 'ThreadLost' });
    expect(first.body).toEqual({ error: { code: 'ThreadLost', message: 'Where is it?' } });
    expect(first.headers.get('x-switchboard-fault')).toBe('gone');
    const second = await rest.call('GET', '/chat/threads');
    expectRefusal(second, { status: 503, code: 'ServiceUnavailable' });
    expect(second.headers.get('retry-after')).toBe('7');
    expect(second.headers.get('x-switchboard-fault')).toBe('busy');
  });

  it('is explained by `switchboard why`, with the cure', async () => {
    const { rest } = await scene({ name: 'busy', http: { status: 503 } });
    const { headers } = await rest.call('GET', '/chat/threads');
    const { out } = await runCommand(['why', headers.get('x-ms-request-id') ?? '', '--data', server.data]);
    expect(out).toContain('Fault    busy');
    expect(out).toContain('Cause    The fault rule "busy" answered 503 in the place of the operation; nothing was done.');
    expect(out).toContain('Cure     Remove the rule: DELETE /admin/faults/rules/busy');
  });

  it('comes after the check of credentials: a refused caller learns nothing of rules', async () => {
    const { user, threadId } = await scene();
    await setFaults(server, { http: { status: 503 } });
    const stranger = new ChatRest(server.endpoint, { ...user, token: 'nonsense' });
    const answer = await stranger.call('GET', threadPath(threadId));
    expect([answer.status, answer.headers.get('x-switchboard-fault')]).toEqual([401, null]);
  });
});

describe('a connection that is cut', () => {
  it.each(CHAT_SDKS)(
    'R30: after a thread was created makes one thread: chat SDK $version repeats itself under the same id',
    async (sdk) => {
      const { user, rest } = await scene({ name: 'cut', match: { operation: CREATE }, count: 2, http: { dropAfter: true } });
      const { chatThread } = await sdk.clientOf(server, user).createChatThread({ topic: 'Only one' });
      expect(await strikesOf(server)).toEqual({ cut: 2 });
      const mine = (await rest.threads()).filter(({ topic }) => topic === 'Only one');
      expect(mine.map(({ id }) => id)).toEqual([chatThread?.id]);
    },
  );

  it('R47: after a message was sent leaves it stored, and the caller with an error', async () => {
    const { user, rest, threadId } = await scene({ name: 'cut', match: { operation: SEND }, http: { dropAfter: true } });
    const chat = CHAT_SDK.clientOf(server, user, { maxRetries: 0 }).getChatThreadClient(threadId);
    await expect(chat.sendMessage({ content: 'Hello' })).rejects.toThrow();
    expect(await textsIn(rest, threadId)).toEqual(['Hello']);
    expect(await struckRequests(user)).toMatchObject([
      { method: 'POST', fault: 'cut', cause: expect.stringContaining('what was done lasts') as string },
    ]);
  });

  it('after a message was sent makes two messages of a client that repeats itself: sends carry no repeatability id', async () => {
    const { user, rest, threadId } = await scene({ match: { operation: SEND }, count: 1, http: { dropAfter: true } });
    await CHAT_SDK.clientOf(server, user).getChatThreadClient(threadId).sendMessage({ content: 'Hello' });
    expect(await textsIn(rest, threadId)).toEqual(['Hello', 'Hello']);
  });

  it('before anything was done leaves nothing behind, and is remembered without an answer', async () => {
    const { user, rest, threadId } = await scene({ name: 'cut', match: { operation: SEND }, http: { dropBefore: true } });
    await expect(rest.send(threadId, 'Hello')).rejects.toThrow('fetch failed');
    expect(await textsIn(rest, threadId)).toEqual([]);
    const [remembered] = await struckRequests(user);
    expect(remembered).toMatchObject({ status: 0, fault: 'cut', rule: 'fault.injected' });
    const { out } = await runCommand(['why', remembered?.id ?? '', '--data', server.data]);
    expect(out).toContain('Answer   none: the connection was cut');
  });

  it('in the middle of an answer leaves half of it, and all of the effect', async () => {
    const { user, rest, threadId } = await scene({ name: 'cut', match: { operation: SEND }, http: { truncate: true } });
    const response = await fetch(new URL(`${threadPath(threadId)}/messages?api-version=2025-03-15`, server.endpoint), {
      method: 'POST',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'Hello' }),
    });
    expect([response.status, response.headers.get('x-switchboard-fault')]).toEqual([201, 'cut']);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(await textsIn(rest, threadId)).toEqual(['Hello']);
    expect(await struckRequests(user)).toMatchObject([{ status: 201, fault: 'cut' }]);
  });
});

describe('a request that is held back', () => {
  it('is answered later, and told so', async () => {
    const { user, rest } = await scene({ name: 'slow', http: { latencyMs: { min: 200, max: 300 } } });
    const answer = await rest.call('GET', '/chat/threads');
    expect([answer.status, answer.headers.get('x-switchboard-fault')]).toEqual([200, 'slow']);
    const [remembered] = await struckRequests(user);
    expect(remembered?.durationMs).toBeGreaterThanOrEqual(199);
    expect(remembered?.cause).toMatch(/held the request back for (?:2\d\d|300) ms/);
  });

  it('holds back nobody else', async () => {
    const { rest } = await scene({ name: 'slow', count: 1, http: { latencyMs: 30_000 } });
    const held = new AbortController();
    const slow = fetch(new URL('/chat/threads?api-version=2025-03-15', server.endpoint), {
      headers: { authorization: `Bearer ${rest.user.token}` },
      signal: held.signal,
    });
    await expect.poll(() => strikesOf(server)).toEqual({ slow: 1 });
    expect((await rest.call('GET', '/chat/threads')).status).toBe(200);
    held.abort();
    await expect(slow).rejects.toThrow('aborted');
  });
});

describe('whom a rule strikes', () => {
  const http = { status: 503 };

  it('one user, and not the other', async () => {
    const { rest } = await scene({ http });
    const other = new ChatRest(server.endpoint, await newUser(server));
    expect((await rest.call('GET', '/chat/threads')).status).toBe(503);
    expect((await other.call('GET', '/chat/threads')).status).toBe(200);
  });

  it('one resource, and not the other', async () => {
    const { name } = await newResource(server);
    const [inside, outside] = await Promise.all([newUser(server, { resource: name }), newUser(server)]);
    await setFaults(server, { match: { resource: name }, http });
    const statuses = [inside, outside].map(async (user) => (await new ChatRest(server.endpoint, user).call('GET', '/chat/threads')).status);
    expect(await Promise.all(statuses)).toEqual([503, 200]);
  });

  it('one thread by its path, and not the other', async () => {
    const { rest, threadId } = await scene();
    const otherId = await rest.createThread();
    await setFaults(server, { match: { method: 'GET', path: `${threadPath(threadId)}/messages` }, http });
    const statuses = [threadId, otherId].map(async (id) => (await rest.call('GET', `${threadPath(id)}/messages`)).status);
    expect(await Promise.all(statuses)).toEqual([503, 200]);
  });

  it.each<[string, Omit<FaultRule, 'http'>, number[]]>([
    ['after the first two, three times', { skip: 2, count: 3 }, [200, 200, 503, 503, 503, 200, 200]],
    ['every third', { every: 3 }, [200, 200, 503, 200, 200, 503, 200]],
  ])('%s', async (_what, rule, expected) => {
    const { rest } = await scene({ ...rule, http });
    expect(await statusesOf(rest, expected.length)).toEqual(expected);
  });

  it('the same half again under the same seed', async () => {
    const rule = { share: 0.5, seed: 42, http };
    const { rest } = await scene(rule);
    const first = await statusesOf(rest, 30);
    await setFaults(server, { ...rule, match: { user: rest.user.id } });
    expect(await statusesOf(rest, 30)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 503]));
  });
});

async function statusesOf(rest: ChatRest, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < count; i++) statuses.push((await rest.call('GET', '/chat/threads')).status);
  return statuses;
}
