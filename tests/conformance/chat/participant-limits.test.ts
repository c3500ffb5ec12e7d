import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, type CreatedThreadBody, type ErrorBody, expectRefusal, type RestAnswer } from '../../lib/chat-rest.ts';
import { CHAT_SDK } from '../../lib/chat-sdk.ts';
import { type ChatUser, newUser, newUsers } from '../../lib/chat-user.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

function identifiers(users: readonly ChatUser[]): object[] {
  return users.map(({ id }) => ({ communicationIdentifier: { communicationUser: { id } } }));
}

function create(rest: ChatRest, users: readonly ChatUser[]): Promise<RestAnswer<CreatedThreadBody>> {
  return rest.call('POST', '/chat/threads', { body: { topic: 'Crowd', participants: identifiers(users) } });
}

/** What a refusal by a limit must say: its name, its value, and under which preset the request would pass. */
function expectLimit(answer: RestAnswer, words: readonly string[]): void {
  expectRefusal(answer, { status: 400, code: 'BadRequest', target: 'participants' });
  for (const word of words) expect((answer.body as ErrorBody).error.message).toContain(word);
}

describe('participants of a thread', () => {
  let server: TestServer;
  let alice: ChatUser;
  let rest: ChatRest;
  let crowd: ChatUser[];

  beforeAll(async () => {
    server = await startServer();
    alice = await newUser(server);
    rest = new ChatRest(server.endpoint, alice);
    crowd = await newUsers(server, 250);
  });

  afterAll(() => server.stop());

  it('R32 R33: 250 in one call are taken, the 251st is refused by an add', async () => {
    const created = await create(rest, [alice, ...crowd.slice(0, 249)]);
    const threadId = created.body.chatThread.id;
    expect(created.status).toBe(201);
    expect(created.body.invalidParticipants).toBeUndefined();
    expect(await rest.participants(threadId)).toHaveLength(250);
    expectLimit(await rest.add(threadId, crowd.slice(249)), ['chat.participants-per-thread', '250', 'handbook']);
    expect(await rest.participants(threadId)).toHaveLength(250);
  });

  it('R32: the 251st is refused by a create that does not list its creator, and nothing is made', async () => {
    const threads = (await rest.threads()).length;
    expectLimit(await create(rest, crowd), ['chat.participants-per-thread', '250']);
    expect(await rest.threads()).toHaveLength(threads);
  });

  it('R32: the 250th is added one by one; who is in already does not count again', async () => {
    const threadId = (await create(rest, crowd.slice(0, 248))).body.chatThread.id;
    const sdk = CHAT_SDK.clientOf(server, alice).getChatThreadClient(threadId);
    const participants = crowd.slice(247, 249).map(({ id }) => ({ id: { communicationUserId: id } }));
    expect((await sdk.addParticipants({ participants })).invalidParticipants ?? []).toEqual([]);
    expect(await rest.participants(threadId)).toHaveLength(250);
    await expect(sdk.addParticipants({ participants: [{ id: { communicationUserId: crowd[249]!.id } }] })).rejects.toMatchObject({
      statusCode: 400,
      code: 'BadRequest',
    });
  });

  it('R32: a place left by a removed participant can be taken', async () => {
    const threadId = (await create(rest, crowd.slice(0, 249))).body.chatThread.id;
    expect((await rest.remove(threadId, crowd[0]!)).status).toBe(204);
    expect((await rest.add(threadId, crowd.slice(249))).status).toBe(201);
    expect((await rest.add(threadId, crowd.slice(0, 1))).status).toBe(400);
  });

  it('R32: of two adds at once for the last place only one succeeds', async () => {
    const threadId = (await create(rest, crowd.slice(0, 248))).body.chatThread.id;
    const answers = await Promise.all([rest.add(threadId, crowd.slice(248, 249)), rest.add(threadId, crowd.slice(249))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400]);
    expect(await rest.participants(threadId)).toHaveLength(250);
  });
});

describe('participants of a thread under the azure preset', () => {
  it('R33: 201 in one create or add call are refused, 200 are taken', async () => {
    await using server = await startServer({ args: ['--limits', 'azure'] });
    const alice = await newUser(server);
    const rest = new ChatRest(server.endpoint, alice);
    const crowd = await newUsers(server, 201);
    expectLimit(await create(rest, crowd), ['chat.participants-per-call', '200', 'azure', 'handbook']);
    const threadId = (await create(rest, [])).body.chatThread.id;
    expectLimit(await rest.add(threadId, crowd), ['chat.participants-per-call', '200']);
    expect((await rest.add(threadId, crowd.slice(0, 200))).status).toBe(201);
    expect(await rest.participants(threadId)).toHaveLength(201);
  });
});
