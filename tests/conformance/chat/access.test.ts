import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, type ErrorBody, expectRefusal, type RestAnswer, threadPath } from '../../lib/chat-rest.ts';
import { CHAT_SDKS } from '../../lib/chat-sdk.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

/** A thread of Alice's with a message of the caller's and one more participant, made anew for every call. */
interface Stage {
  readonly threadId: string;
  readonly messageId: string;
  readonly other: ChatUser;
}

interface ChatOperation {
  readonly name: string;
  readonly right: 'manageThreads' | 'manageParticipants' | 'takePart';
  /** Status of success. */
  readonly status: number;
  readonly call: (rest: ChatRest, stage: Stage) => Promise<RestAnswer>;
}

/** Every chat operation, called rightly. */
const OPERATIONS: readonly ChatOperation[] = [
  {
    name: 'create thread',
    right: 'manageThreads',
    status: 201,
    call: (rest) => rest.call('POST', '/chat/threads', { body: { topic: 'x' } }),
  },
  { name: 'list threads', right: 'takePart', status: 200, call: (rest) => rest.call('GET', '/chat/threads') },
  { name: 'get thread', right: 'takePart', status: 200, call: (rest, { threadId }) => rest.call('GET', threadPath(threadId)) },
  {
    name: 'update thread',
    right: 'manageThreads',
    status: 204,
    call: (rest, { threadId }) => rest.call('PATCH', threadPath(threadId), { body: { topic: 'New' } }),
  },
  { name: 'delete thread', right: 'manageThreads', status: 204, call: (rest, { threadId }) => rest.call('DELETE', threadPath(threadId)) },
  {
    name: 'send message',
    right: 'takePart',
    status: 201,
    call: (rest, { threadId }) => rest.call('POST', `${threadPath(threadId)}/messages`, { body: { content: 'x' } }),
  },
  {
    name: 'list messages',
    right: 'takePart',
    status: 200,
    call: (rest, { threadId }) => rest.call('GET', `${threadPath(threadId)}/messages`),
  },
  {
    name: 'get message',
    right: 'takePart',
    status: 200,
    call: (rest, { threadId, messageId }) => rest.call('GET', `${threadPath(threadId)}/messages/${messageId}`),
  },
  {
    name: 'update message',
    right: 'takePart',
    status: 204,
    call: (rest, { threadId, messageId }) =>
      rest.call('PATCH', `${threadPath(threadId)}/messages/${messageId}`, { body: { content: 'y' } }),
  },
  {
    name: 'delete message',
    right: 'takePart',
    status: 204,
    call: (rest, { threadId, messageId }) => rest.call('DELETE', `${threadPath(threadId)}/messages/${messageId}`),
  },
  {
    name: 'list participants',
    right: 'takePart',
    status: 200,
    call: (rest, { threadId }) => rest.call('GET', `${threadPath(threadId)}/participants`),
  },
  { name: 'add participants', right: 'manageParticipants', status: 201, call: (rest, { threadId, other }) => rest.add(threadId, [other]) },
  {
    name: 'remove participant',
    right: 'manageParticipants',
    status: 204,
    call: (rest, { threadId, other }) => rest.remove(threadId, other),
  },
  {
    name: 'list read receipts',
    right: 'takePart',
    status: 200,
    call: (rest, { threadId }) => rest.call('GET', `${threadPath(threadId)}/readReceipts`),
  },
  {
    name: 'send read receipt',
    right: 'takePart',
    status: 200,
    call: (rest, { threadId, messageId }) =>
      rest.call('POST', `${threadPath(threadId)}/readReceipts`, { body: { chatMessageId: messageId } }),
  },
  {
    name: 'send typing',
    right: 'takePart',
    status: 200,
    call: (rest, { threadId }) => rest.call('POST', `${threadPath(threadId)}/typing`, { body: {} }),
  },
  { name: 'live configuration', right: 'takePart', status: 200, call: (rest) => rest.call('GET', '/chat/config/realTimeNotifications') },
];

const IN_A_THREAD = OPERATIONS.filter(({ name }) => !['create thread', 'list threads', 'live configuration'].includes(name));

const RIGHTS: Readonly<Record<string, readonly ChatOperation['right'][]>> = {
  chat: ['manageThreads', 'manageParticipants', 'takePart'],
  'chat.join': ['manageParticipants', 'takePart'],
  'chat.join.limited': ['takePart'],
  voip: [],
  'voip.join': [],
};

let server: TestServer;
let alice: ChatRest;
let other: ChatUser;

beforeAll(async () => {
  server = await startServer();
  alice = new ChatRest(server.endpoint, await newUser(server));
  other = await newUser(server);
});

afterAll(() => server.stop());

/** @param caller takes part unless it is Alice; its message is sent by Alice when it may not send itself */
async function stage(caller: ChatRest, takesPart = true): Promise<Stage> {
  const threadId = await alice.createThread([other, ...(takesPart ? [caller.user] : [])]);
  const { status, body } = await caller.call<{ id: string }>('POST', `${threadPath(threadId)}/messages`, { body: { content: 'x' } });
  return { threadId, messageId: status === 201 ? body.id : await alice.send(threadId, 'x'), other };
}

describe.each(Object.entries(RIGHTS))('a token with the scope %s', (scope, rights) => {
  let caller: ChatRest;

  beforeAll(async () => {
    caller = new ChatRest(server.endpoint, await newUser(server, { scopes: [scope] }));
  });

  it.each(OPERATIONS)('R12 R17 R151: $name', async ({ right, status, call }) => {
    const answer = await call(caller, await stage(caller));
    if (rights.includes(right)) {
      expect(answer.status).toBe(status);
      return;
    }
    expectRefusal(answer, { status: 403, code: 'Forbidden', target: 'Authorization' });
    expect((answer.body as ErrorBody).error.message).toContain('chat');
    expect((answer.body as ErrorBody).error.message).toContain(scope);
  });
});

describe('scopes', () => {
  it('R12: a token with chat and voip may do everything in chat', async () => {
    const caller = new ChatRest(server.endpoint, await newUser(server, { scopes: ['voip', 'chat'] }));
    for (const { name, status, call } of OPERATIONS)
      expect([name, (await call(caller, await stage(caller))).status]).toEqual([name, status]);
  });

  it.each(CHAT_SDKS)('R17 R151: thread creation with a voip token is a 403 for chat SDK $version', async (sdk) => {
    const user = await newUser(server, { scopes: ['voip'] });
    const creating = sdk.clientOf(server, user).createChatThread({ topic: 'x' }, {});
    await expect(creating).rejects.toMatchObject({ statusCode: 403, code: 'Forbidden' });
  });
});

describe('a user who never took part', () => {
  it.each(IN_A_THREAD)('R45: $name is a 403', async ({ call }) => {
    const stranger = new ChatRest(server.endpoint, await newUser(server));
    expectRefusal(await call(stranger, await stage(stranger, false)), { status: 403, code: 'Forbidden', target: 'chatThreadId' });
  });

  it('R45: does not see the thread in the list', async () => {
    const stranger = new ChatRest(server.endpoint, await newUser(server));
    await stage(stranger, false);
    expect(await stranger.threads()).toEqual([]);
  });
});

describe('a user of another resource', () => {
  it.each(IN_A_THREAD)('R2: $name is a 404, as if there were no such thread', async ({ call }) => {
    const { name } = await newResource(server);
    const foreigner = new ChatRest(server.endpoint, await newUser(server, { resource: name }));
    expectRefusal(await call(foreigner, await stage(foreigner, false)), { status: 404, code: 'NotFound', target: 'chatThreadId' });
  });
});

describe('credentials', () => {
  it.each(OPERATIONS)('R25: $name without a token is a 401', async ({ call }) => {
    const nobody = new ChatRest(server.endpoint, { id: '', token: '' });
    const answer = await call(nobody, await stage(alice));
    expect(answer.status).toBe(401);
    expect((answer.body as ErrorBody).error.message).not.toBe('');
  });

  it.each(OPERATIONS)('R15: $name with an edited token is a 401', async ({ call }) => {
    const { id, token } = alice.user;
    const [head, claims, signature] = token.split('.') as [string, string, string];
    const edited = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
    const forged = Buffer.from(JSON.stringify({ ...edited, exp: Number(edited['exp']) + 60 })).toString('base64url');
    const answer = await call(new ChatRest(server.endpoint, { id, token: `${head}.${forged}.${signature}` }), await stage(alice));
    expectRefusal(answer, { status: 401, code: 'Unauthorized' });
  });
});
