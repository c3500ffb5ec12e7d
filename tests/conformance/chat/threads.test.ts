import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, expectRefusal, threadPath } from '../../lib/chat-rest.ts';
import { CHAT_SDK, CHAT_SDKS } from '../../lib/chat-sdk.ts';
import { type ChatUser, freshToken, newUser } from '../../lib/chat-user.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
let alice: ChatUser;
let bob: ChatUser;
let rest: ChatRest;

beforeAll(async () => {
  server = await startServer();
  [alice, bob] = await Promise.all([newUser(server), newUser(server)]);
  rest = new ChatRest(server.endpoint, alice);
});

afterAll(() => server.stop());

const refused = (statusCode: number, code: string) => ({ name: 'RestError', statusCode, code });

describe.each(CHAT_SDKS)('threads with chat SDK $version', (sdk) => {
  it('R30: a thread is read by its participants', async () => {
    const id = await rest.createThread([bob], 'Read me');
    const properties = await sdk.clientOf(server, bob).getChatThreadClient(id).getProperties();
    expect(properties).toMatchObject({ id, topic: 'Read me', createdBy: { communicationUserId: alice.id } });
    expect(properties.createdOn).toBeInstanceOf(Date);
  });

  it('R30: the topic is changed by PATCH, and history tells so', async () => {
    const id = await rest.createThread([bob], 'Old');
    await sdk.clientOf(server, bob).getChatThreadClient(id).updateTopic('New');
    expect(await sdk.clientOf(server, alice).getChatThreadClient(id).getProperties()).toMatchObject({ topic: 'New' });
    expect((await rest.threads()).find((thread) => thread.id === id)).toMatchObject({ topic: 'New' });
    expect((await rest.messages(id))[0]).toMatchObject({
      type: 'topicUpdated',
      sequenceId: '3',
      content: { topic: 'New', initiatorCommunicationIdentifier: { rawId: bob.id } },
    });
  });

  it('R43 R44: a deleted thread is gone at once, for everybody and every call', async () => {
    const id = await rest.createThread([bob]);
    await sdk.clientOf(server, alice).deleteChatThread(id);
    for (const user of [alice, bob]) {
      const chat = sdk.clientOf(server, user);
      const thread = chat.getChatThreadClient(id);
      await expect(thread.getProperties()).rejects.toMatchObject(refused(404, 'NotFound'));
      await expect(thread.sendMessage({ content: 'x' })).rejects.toMatchObject(refused(404, 'NotFound'));
      await expect(thread.listMessages().next()).rejects.toMatchObject(refused(404, 'NotFound'));
      await expect(thread.listParticipants().next()).rejects.toMatchObject(refused(404, 'NotFound'));
      await expect(chat.deleteChatThread(id)).rejects.toMatchObject(refused(404, 'NotFound'));
      for await (const listed of chat.listChatThreads()) expect(listed.id).not.toBe(id);
    }
  });

  it('R30: unknown threads are a 404', async () => {
    const chat = sdk.clientOf(server, alice);
    for (const id of ['19:nothing@thread.v2', 'x', '../threads', '%00']) {
      await expect(chat.getChatThreadClient(id).getProperties()).rejects.toMatchObject(refused(404, 'NotFound'));
    }
  });

  it('R39: the threads of a user are listed in pages that are never too long, the newest thread first', async () => {
    const user = await newUser(server);
    const own = new ChatRest(server.endpoint, user);
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.unshift(await own.createThread([], `Thread ${i}`));
    for (const [maxPageSize, sizes] of [
      [3, [3, 3, 1]],
      [7, [7]],
      [1, [1, 1, 1, 1, 1, 1, 1]],
      [100, [7]],
    ] as const) {
      const pages: string[][] = [];
      const list = sdk.clientOf(server, user).listChatThreads({ maxPageSize });
      for await (const page of list.byPage()) pages.push((page as { id: string }[]).map(({ id }) => id));
      expect(pages.map((page) => page.length)).toEqual(sizes);
      expect(pages.flat()).toEqual(ids);
    }
  });
});

describe('threads over REST', () => {
  it('R30: an id is found with its colon and at sign encoded or not', async () => {
    const id = await rest.createThread();
    for (const form of [id, encodeURIComponent(id), id.replace(':', '%3a'), id.replace('@', '%40')]) {
      const { status, body } = await rest.call<{ id: string }>('GET', `/chat/threads/${form}`);
      expect({ status, id: body.id }).toEqual({ status: 200, id });
    }
  });

  it('R42: metadata and retention policy are merged, and removed by null', async () => {
    const id = await rest.createThread();
    const policy = { kind: 'threadCreationDate', deleteThreadAfterDays: 30 };
    const patch = (body: object) => rest.call('PATCH', threadPath(id), { body });
    expect((await patch({ metadata: { a: '1', b: '2' }, retentionPolicy: policy })).status).toBe(204);
    expect((await patch({ metadata: { a: null, c: '3' } })).status).toBe(204);
    expect((await rest.call('GET', threadPath(id))).body).toMatchObject({ metadata: { b: '2', c: '3' }, retentionPolicy: policy });
    expect((await patch({ metadata: null, retentionPolicy: null })).status).toBe(204);
    const { body } = await rest.call('GET', threadPath(id));
    expect(body).not.toHaveProperty('metadata');
    expect(body).not.toHaveProperty('retentionPolicy');
    // Only topics are told in the history.
    expect(await rest.messages(id)).toHaveLength(2);
  });

  it('R42: the newest SDK sets metadata and a policy of none', async () => {
    const id = await rest.createThread();
    const thread = CHAT_SDK.clientOf(server, alice).getChatThreadClient(id);
    await thread.updateProperties({ metadata: { a: 'ä%' }, retentionPolicy: { kind: 'none' } });
    expect(await thread.getProperties()).toMatchObject({ topic: 'Lunch', metadata: { a: 'ä%' }, retentionPolicy: { kind: 'none' } });
  });

  it.each([
    ['an empty topic', { topic: '' }, 'topic'],
    ['a topic of null', { topic: null }, 'topic'],
    ['a topic that is a list', { topic: ['x'] }, 'topic'],
    ['metadata over 1 KB', { metadata: { a: 'x'.repeat(1024) } }, 'metadata'],
    ['an unknown policy', { retentionPolicy: { kind: 'x' } }, 'retentionPolicy.kind'],
  ])('R30: %s is a 400 that names the field and changes nothing', async (_name, body, target) => {
    const id = await rest.createThread();
    expectRefusal(await rest.call('PATCH', threadPath(id), { body }), { status: 400, code: 'BadRequest', target });
    expect((await rest.call('GET', threadPath(id))).body).toMatchObject({ topic: 'Lunch' });
    expect(await rest.messages(id)).toHaveLength(2);
  });

  it.each(['0', '-1', '1.5', 'x', ''])('R39: a page size of %j is a 400', async (maxPageSize) => {
    expectRefusal(await rest.call('GET', '/chat/threads', { query: { maxPageSize } }), {
      status: 400,
      code: 'BadRequest',
      target: 'maxPageSize',
    });
  });

  it.each(['yesterday', '2026-13-01T00:00:00Z', '2026-01-01', '1'])('R39: a start time of %j is a 400', async (startTime) => {
    expectRefusal(await rest.call('GET', '/chat/threads', { query: { startTime } }), {
      status: 400,
      code: 'BadRequest',
      target: 'startTime',
    });
  });

  it('R40: an idle thread is still there after ten years', async () => {
    await using idle = await startServer({ args: ['--clock', 'virtual'] });
    const user = await newUser(idle);
    const id = await new ChatRest(idle.endpoint, user).createThread([], 'Forgotten');
    expect((await idle.admin('POST', '/admin/clock:advance', { by: '3650d' })).status).toBe(200);
    const later = new ChatRest(idle.endpoint, await freshToken(idle, user));
    expect(await later.threads()).toMatchObject([{ id, topic: 'Forgotten' }]);
    expect((await later.call('GET', threadPath(id))).status).toBe(200);
  });
});
