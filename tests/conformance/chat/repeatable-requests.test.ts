import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, type CreatedThreadBody, expectRefusal, type RestAnswer } from '../../lib/chat-rest.ts';
import { CHAT_SDKS } from '../../lib/chat-sdk.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
let alice: ChatUser;
let bob: ChatUser;

beforeAll(async () => {
  server = await startServer();
  [alice, bob] = await Promise.all([newUser(server), newUser(server)]);
});

afterAll(() => server.stop());

function create(user: ChatUser, requestId: string, body: object = { topic: 'Lunch' }): Promise<RestAnswer<CreatedThreadBody>> {
  return new ChatRest(server.endpoint, user).call('POST', '/chat/threads', { body, headers: { 'repeatability-request-id': requestId } });
}

describe('repeatable requests', () => {
  it.each(CHAT_SDKS)('R30: an idempotency token makes one thread with chat SDK $version', async (sdk) => {
    const chat = sdk.clientOf(server, alice);
    const idempotencyToken = randomUUID();
    const first = await chat.createChatThread({ topic: 'Lunch' }, { idempotencyToken });
    const second = await chat.createChatThread({ topic: 'Lunch' }, { idempotencyToken });
    const other = await chat.createChatThread({ topic: 'Lunch' }, { idempotencyToken: randomUUID() });
    expect(second.chatThread).toEqual(first.chatThread);
    expect(other.chatThread?.id).not.toBe(first.chatThread?.id);
  });

  it('R30: a repeated request is answered as the first was, invalid participants included', async () => {
    const body = { topic: 'Lunch', participants: [{ communicationIdentifier: { phoneNumber: { value: '+14255550123' } } }] };
    const requestId = randomUUID();
    const [first, second] = [await create(alice, requestId, body), await create(alice, requestId, body)];
    expect(first.body.invalidParticipants).toHaveLength(1);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
  });

  it('R30: twenty at once make one thread', async () => {
    const user = await newUser(server);
    const requestId = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(user, requestId)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map(({ body }) => body.chatThread.id)).size).toBe(1);
    expect(await new ChatRest(server.endpoint, user).threads()).toHaveLength(1);
  });

  it('R30: the same id with another body is a 400 and makes nothing', async () => {
    const user = await newUser(server);
    const requestId = randomUUID();
    await create(user, requestId);
    const answer = await create(user, requestId, { topic: 'Dinner' });
    expectRefusal(answer, { status: 400, code: 'BadRequest', target: 'repeatability-request-id' });
    expect(await new ChatRest(server.endpoint, user).threads()).toHaveLength(1);
  });

  it("R30: another user's request with the same id is another request", async () => {
    const requestId = randomUUID();
    const [first, second] = [await create(alice, requestId), await create(bob, requestId)];
    expect(second.body.chatThread.id).not.toBe(first.body.chatThread.id);
  });

  it('R30: an id that failed may be used again', async () => {
    const requestId = randomUUID();
    expect((await create(alice, requestId, { topic: '' })).status).toBe(400);
    expect((await create(alice, requestId)).status).toBe(201);
  });

  it.each(['a b', 'x'.repeat(65), '../x'])('R30: the id %j is a 400', async (requestId) => {
    expectRefusal(await create(alice, requestId), { status: 400, code: 'BadRequest', target: 'repeatability-request-id' });
  });
});
