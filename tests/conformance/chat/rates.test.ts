import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ChatRest, type ErrorBody, expectRefusal, type RestAnswer, threadPath } from '../../lib/chat-rest.ts';
import { CHAT_SDK } from '../../lib/chat-sdk.ts';
import { newUser, newUsers } from '../../lib/chat-user.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

/** Its clock stands still, so that no window ends by itself. */
let server: TestServer;

beforeAll(async () => {
  server = await startServer({ args: ['--clock', 'virtual', '--limits', 'azure'] });
});

afterAll(() => server.stop());

async function advance(seconds: number): Promise<void> {
  expect((await server.admin('POST', '/admin/clock:advance', { by: `PT${seconds}S` })).status).toBe(200);
}

async function newRest(): Promise<ChatRest> {
  return new ChatRest(server.endpoint, await newUser(server));
}

/** A thread of a new user's with further users and a message. */
async function stage(others: number) {
  const owner = await newRest();
  const users = await newUsers(server, others);
  const threadId = await owner.createThread(users);
  const messageId = await owner.send(threadId, 'x');
  await advance(60);
  return { threadId, messageId, path: threadPath(threadId), users: [owner, ...users.map((user) => new ChatRest(server.endpoint, user))] };
}

type Stage = Awaited<ReturnType<typeof stage>>;

async function burst(count: number, call: (i: number) => Promise<RestAnswer>): Promise<void> {
  for (let i = 0; i < count; i++) expect((await call(i)).status).toBeLessThan(300);
}

function expectRefused(answer: RestAnswer, limit: string, retryAfterSeconds: number): void {
  expectRefusal(answer, { status: 429, code: 'TooManyRequests' });
  expect(answer.headers.get('retry-after')).toBe(String(retryAfterSeconds));
  const { message } = (answer.body as ErrorBody).error;
  expect(message).toContain(`limit ${limit} under the preset azure`);
  expect(message).toContain('the preset handbook has no such limit');
}

interface Rated {
  readonly limit: string;
  readonly most: number;
  readonly call: (rest: ChatRest, stage: Stage, i: number) => Promise<RestAnswer>;
}

const BY_USER_IN_THREAD: readonly Rated[] = [
  { limit: 'chat.message-get-rate', most: 50, call: (rest, { path, messageId }) => rest.call('GET', `${path}/messages/${messageId}`) },
  {
    limit: 'chat.message-list-rate',
    most: 50,
    call: (rest, { path }) => rest.call('GET', `${path}/messages`, { query: { maxPageSize: 1 } }),
  },
  { limit: 'chat.receipt-list-rate', most: 5, call: (rest, { path }) => rest.call('GET', `${path}/readReceipts`) },
  { limit: 'chat.participant-list-rate', most: 10, call: (rest, { path }) => rest.call('GET', `${path}/participants`) },
  { limit: 'chat.receipt-send-rate', most: 10, call: (rest, { threadId, messageId }) => rest.read(threadId, messageId) },
  { limit: 'chat.typing-rate', most: 5, call: (rest, { path }) => rest.call('POST', `${path}/typing`, { body: {} }) },
];

const BY_THREAD: readonly (Rated & { readonly users: number })[] = [
  {
    limit: 'chat.thread-update-rate',
    most: 5,
    users: 2,
    call: (rest, { path }, i) => rest.call('PATCH', path, { body: { topic: `${i}` } }),
  },
  {
    limit: 'chat.participant-change-rate',
    most: 10,
    users: 2,
    call: (rest, { threadId, users }, i) => (i % 2 === 0 ? rest.remove(threadId, users[2]!.user) : rest.add(threadId, [users[2]!.user])),
  },
  {
    limit: 'chat.message-write-rate',
    most: 10,
    users: 2,
    call: (rest, { path, messageId, users }, i) =>
      i % 2 === 0
        ? rest.call('POST', `${path}/messages`, { body: { content: 'x' } })
        : users[0]!.call('PATCH', `${path}/messages/${messageId}`, { body: { content: 'y' } }),
  },
  { limit: 'chat.typing-thread-rate', most: 10, users: 3, call: (rest, { path }) => rest.call('POST', `${path}/typing`, { body: {} }) },
  { limit: 'chat.receipt-list-thread-rate', most: 100, users: 25, call: (rest, { path }) => rest.call('GET', `${path}/readReceipts`) },
];

describe('R49: under azure a burst', () => {
  it.each(BY_USER_IN_THREAD)(
    'above $limit ($most) is a 429 for the user in the thread, and for nobody else',
    async ({ limit, most, call }) => {
      const here = await stage(1);
      const [one, other] = here.users as [ChatRest, ChatRest];
      await burst(most, (i) => call(one, here, i));
      expectRefused(await call(one, here, most), limit, 10);
      expect((await call(other, here, most)).status).toBeLessThan(300);
      await advance(10);
      expect((await call(one, here, 0)).status).toBeLessThan(300);
    },
  );

  it.each(BY_THREAD)('above $limit ($most) is a 429 for everybody in the thread', async ({ limit, most, users, call }) => {
    const here = await stage(users);
    await burst(most, (i) => call(here.users[i % users]!, here, i));
    for (const rest of here.users.slice(0, 2)) expectRefused(await call(rest, here, most), limit, 10);
    await advance(10);
    expect((await call(here.users[0]!, here, 0)).status).toBeLessThan(300);
  });

  it('above chat.thread-create-rate (10) is a 429 for the user', async () => {
    const [one, other] = [await newRest(), await newRest()];
    await burst(10, () => one.call('POST', '/chat/threads', { body: { topic: 'x' } }));
    expectRefused(await one.call('POST', '/chat/threads', { body: { topic: 'x' } }), 'chat.thread-create-rate', 10);
    await other.createThread();
  });

  it('above chat.thread-read-rate (50) is a 429 for the user, whether by list or by thread', async () => {
    const here = await stage(0);
    const [one] = here.users as [ChatRest];
    await burst(50, (i) => one.call('GET', i % 2 === 0 ? '/chat/threads' : here.path));
    for (const path of ['/chat/threads', here.path]) expectRefused(await one.call('GET', path), 'chat.thread-read-rate', 10);
  });

  it('above the 30 of a minute is a 429 although the ten seconds have room', async () => {
    const here = await stage(0);
    const [one] = here.users as [ChatRest];
    const send = () => one.call('POST', `${here.path}/messages`, { body: { content: 'x' } });
    for (let i = 0; i < 3; i++) {
      await burst(10, send);
      await advance(10);
    }
    expectRefused(await send(), 'chat.message-write-minute-rate', 30);
    await advance(30);
    await burst(10, send);
  });

  it('by somebody who takes no part uses up nothing of the thread', async () => {
    const here = await stage(0);
    const stranger = await newRest();
    for (let i = 0; i < 12; i++)
      expectRefusal(await stranger.call('POST', `${here.path}/messages`, { body: { content: 'x' } }), { status: 403, code: 'Forbidden' });
    await here.users[0]!.send(here.threadId, 'still room');
  });

  it('R120: is weathered by the chat SDK alone, which waits as it is told and tries again', async () => {
    const here = await stage(0);
    const { user } = here.users[0]!;
    await burst(10, () => here.users[0]!.call('POST', `${here.path}/messages`, { body: { content: 'x' } }));
    // One second is left of the window.
    await advance(9);
    const sending = CHAT_SDK.clientOf(server, user).getChatThreadClient(here.threadId).sendMessage({ content: 'patient' });
    await vi.waitFor(async () => {
      const { body } = await server.admin<{ value: { caller?: string; status?: number }[] }>('GET', '/admin/requests?limit=20');
      expect(body.value.some(({ caller, status }) => caller === user.id && status === 429)).toBe(true);
    });
    await advance(1);
    const { id } = await sending;
    expect((await here.users[0]!.message(here.threadId, id)).content?.message).toBe('patient');
  });
});

describe('D13 D32: under the handbook', () => {
  it('R49: no rate is limited, and big threads have typing and read receipts', async () => {
    const { name } = await newResource(server, { limits: 'handbook' });
    const users = await Promise.all(Array.from({ length: 22 }, () => newUser(server, { resource: name })));
    const [one] = users.map((user) => new ChatRest(server.endpoint, user));
    const threadId = await one!.createThread(users.slice(1));
    await burst(60, () => one!.call('POST', `${threadPath(threadId)}/messages`, { body: { content: 'x' } }));
    const message = await one!.send(threadId, 'x');
    expect((await one!.read(threadId, message)).status).toBe(200);
    expect((await one!.call('POST', `${threadPath(threadId)}/typing`, { body: {} })).status).toBe(200);
  });
});

it('D32: under azure threads of more than 20 have no read receipts and no typing notifications', async () => {
  const here = await stage(20);
  const [one] = here.users as [ChatRest];
  const read = () => one.read(here.threadId, here.messageId);
  const type = () => one.call('POST', `${here.path}/typing`, { body: {} });
  for (const call of [read, type]) {
    const answer = await call();
    expectRefusal(answer, { status: 400, code: 'BadRequest', target: 'chatThreadId' });
    expect((answer.body as ErrorBody).error.message).toContain('chat.receipts-and-typing-participants');
  }
  await one.remove(here.threadId, here.users.at(-1)!.user);
  for (const call of [read, type]) expect((await call()).status).toBe(200);
});
