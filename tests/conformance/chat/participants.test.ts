import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, expectRefusal, threadPath } from '../../lib/chat-rest.ts';
import { CHAT_SDKS } from '../../lib/chat-sdk.ts';
import { type ChatUser, newUser, newUsers } from '../../lib/chat-user.ts';
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

describe.each(CHAT_SDKS)('participants with chat SDK $version', (sdk) => {
  it('R31: are added with name and history time, listed, and removed', async () => {
    const thread = sdk.clientOf(server, alice).getChatThreadClient(await rest.createThread());
    const shareHistoryTime = new Date('2026-01-31T10:00:00.000Z');
    const added = await thread.addParticipants({
      participants: [{ id: { communicationUserId: bob.id }, displayName: 'Bob', shareHistoryTime }],
    });
    expect(added.invalidParticipants ?? []).toEqual([]);
    const listed = [];
    for await (const participant of thread.listParticipants()) listed.push(participant);
    expect(listed).toHaveLength(2);
    expect(listed).toContainEqual(
      expect.objectContaining({ id: { kind: 'communicationUser', communicationUserId: bob.id }, displayName: 'Bob', shareHistoryTime }),
    );
    await thread.removeParticipant({ communicationUserId: bob.id });
    expect((await rest.participants(thread.threadId)).map(({ communicationIdentifier }) => communicationIdentifier.rawId)).toEqual([
      alice.id,
    ]);
  });

  it('R31: adding and removing are told in the history', async () => {
    const threadId = await rest.createThread();
    const thread = sdk.clientOf(server, alice).getChatThreadClient(threadId);
    await thread.addParticipants({ participants: [{ id: { communicationUserId: bob.id }, displayName: 'Bob' }] });
    await thread.removeParticipant({ communicationUserId: bob.id });
    const [removed, added] = await rest.messages(threadId);
    const content = {
      participants: [{ communicationIdentifier: { rawId: bob.id }, displayName: 'Bob' }],
      initiatorCommunicationIdentifier: { rawId: alice.id },
    };
    expect(added).toMatchObject({ type: 'participantAdded', sequenceId: '3', content });
    expect(removed).toMatchObject({ type: 'participantRemoved', sequenceId: '4', content });
  });

  it('R31: adding who is in already changes nothing', async () => {
    const threadId = await rest.createThread([bob]);
    const before = await rest.participants(threadId);
    const thread = sdk.clientOf(server, alice).getChatThreadClient(threadId);
    await thread.addParticipants({ participants: [{ id: { communicationUserId: bob.id }, displayName: 'Robert' }] });
    expect(await rest.participants(threadId)).toEqual(before);
    expect(await rest.messages(threadId)).toHaveLength(2);
  });

  it('R31: skip and page size choose among them, without a needless next page', async () => {
    const thread = sdk.clientOf(server, alice).getChatThreadClient(await rest.createThread(await newUsers(server, 4)));
    const all: unknown[] = [];
    for await (const participant of thread.listParticipants()) all.push(participant);
    for (const [options, sizes] of [
      [{ maxPageSize: 2 }, [2, 2, 1]],
      [{ maxPageSize: 5 }, [5]],
      [{ skip: 1, maxPageSize: 2 }, [2, 2]],
      [{ skip: 4, maxPageSize: 1 }, [1]],
      [{ skip: 3 }, [2]],
    ] as const) {
      const pages: unknown[][] = [];
      for await (const page of thread.listParticipants(options).byPage()) pages.push(page);
      expect(pages.map((page) => page.length)).toEqual(sizes);
      expect(pages.flat()).toEqual(all.slice('skip' in options ? options.skip : 0));
    }
  });

  it('R31: who is not in cannot be removed', async () => {
    const thread = sdk.clientOf(server, alice).getChatThreadClient(await rest.createThread());
    await expect(thread.removeParticipant({ communicationUserId: bob.id })).rejects.toMatchObject({ statusCode: 404, code: 'NotFound' });
  });

  it('R45: a removed participant keeps the history up to the removal and the thread in the list, and nothing else', async () => {
    const threadId = await rest.createThread([bob]);
    const seen = await rest.send(threadId, 'Before');
    expect((await rest.remove(threadId, bob)).status).toBe(204);
    const unseen = await rest.send(threadId, 'After');
    const chat = sdk.clientOf(server, bob);
    const thread = chat.getChatThreadClient(threadId);

    const history: string[] = [];
    for await (const { type, content } of thread.listMessages()) history.push(content?.message ?? type);
    expect(history).toEqual(['participantRemoved', 'Before', 'topicUpdated', 'participantAdded']);
    expect(await thread.getMessage(seen)).toMatchObject({ content: { message: 'Before' } });
    await expect(thread.getMessage(unseen)).rejects.toMatchObject({ statusCode: 404 });
    const threads: string[] = [];
    for await (const { id } of chat.listChatThreads()) threads.push(id);
    expect(threads).toContain(threadId);

    for (const call of [
      () => thread.sendMessage({ content: 'x' }),
      () => thread.getProperties(),
      () => thread.updateTopic('x'),
      () => thread.listParticipants().next(),
      () => thread.addParticipants({ participants: [{ id: { communicationUserId: alice.id } }] }),
      () => thread.removeParticipant({ communicationUserId: alice.id }),
      () => thread.sendTypingNotification(),
      () => thread.sendReadReceipt({ chatMessageId: seen }),
      () => thread.listReadReceipts().next(),
      () => chat.deleteChatThread(threadId),
    ])
      await expect(call()).rejects.toMatchObject({ statusCode: 403, code: 'Forbidden' });
  });

  it('R45: one may leave by oneself', async () => {
    const threadId = await rest.createThread([bob]);
    await sdk.clientOf(server, bob).getChatThreadClient(threadId).removeParticipant({ communicationUserId: bob.id });
    expect(await rest.participants(threadId)).toHaveLength(1);
  });
});

describe('participants over REST', () => {
  it('R31: the answer to an add is an empty object when all were added', async () => {
    const threadId = await rest.createThread();
    expect(await rest.add(threadId, [bob])).toMatchObject({ status: 201, body: {} });
    expect((await rest.add(threadId, [bob])).body).toEqual({});
  });

  it('R31: those who cannot be added are told one by one; nobody added leaves no trace in the history', async () => {
    const threadId = await rest.createThread();
    const { status, body } = await rest.add(threadId, [{ id: '4:+14255550123', token: '' }]);
    expect({ status, body }).toMatchObject({ status: 201, body: { invalidParticipants: [{ target: '4:+14255550123', code: '403' }] } });
    expect(await rest.messages(threadId)).toHaveLength(2);
  });

  it("R31 D9: the handbook's form adds too", async () => {
    const threadId = await rest.createThread();
    const body = { participants: [{ id: { communicationUserId: bob.id }, displayName: 'Bob' }] };
    expect((await rest.call('POST', `${threadPath(threadId)}/participants/:add`, { body })).status).toBe(201);
    expect(await rest.participants(threadId)).toHaveLength(2);
  });

  it('R45: history is shared from the time that was given', async () => {
    await using still = await startServer({ args: ['--clock', 'virtual'] });
    const [one, two] = [await newUser(still), await newUser(still)];
    const owner = new ChatRest(still.endpoint, one);
    const threadId = await owner.createThread();
    await owner.send(threadId, 'Old');
    await still.admin('POST', '/admin/clock:advance', { by: '1h' });
    const { body: clock } = await still.admin<{ now: string }>('GET', '/admin/clock');
    expect((await owner.add(threadId, [two], { shareHistoryTime: clock.now })).status).toBe(201);
    await owner.send(threadId, 'New');
    const seen = await new ChatRest(still.endpoint, two).messages(threadId);
    expect(seen.map(({ content, type }) => content?.message ?? type)).toEqual(['New', 'participantAdded']);
  });

  it('R45: who comes back sees what happened in between, and is listed once', async () => {
    const threadId = await rest.createThread([bob]);
    await rest.remove(threadId, bob);
    await rest.send(threadId, 'Between');
    await rest.add(threadId, [bob]);
    const returned = new ChatRest(server.endpoint, bob);
    expect((await returned.messages(threadId)).map(({ content }) => content?.message)).toContain('Between');
    await returned.send(threadId, 'Back');
    expect(await rest.participants(threadId)).toHaveLength(2);
    expect((await returned.threads()).filter(({ id }) => id === threadId)).toHaveLength(1);
  });

  it('R31: metadata of a participant is kept', async () => {
    const threadId = await rest.createThread();
    await rest.add(threadId, [bob], { metadata: { role: 'guest' } });
    expect(await rest.participants(threadId)).toContainEqual(expect.objectContaining({ metadata: { role: 'guest' } }));
  });

  it.each([
    ['no list', {}, 'participants'],
    ['an empty list', { participants: [] }, 'participants'],
    ['a participant without identifier', { participants: [{}] }, 'participants[0].communicationIdentifier'],
    ['a participant of null', { participants: [null] }, 'participants[0]'],
    [
      'a history time that is none',
      { participants: [{ id: { communicationUserId: '8:acs:x' }, shareHistoryTime: 'soon' }] },
      'participants[0].shareHistoryTime',
    ],
    [
      'metadata over 1 KB',
      { participants: [{ id: { communicationUserId: '8:acs:x' }, metadata: { a: 'x'.repeat(1024) } }] },
      'participants[0].metadata',
    ],
  ])('R31: an add with %s is a 400 that names the field', async (_name, body, target) => {
    const threadId = await rest.createThread();
    const answer = await rest.call('POST', `${threadPath(threadId)}/participants/:add`, { body });
    expectRefusal(answer, { status: 400, code: 'BadRequest', target });
  });

  it.each([
    ['nobody', {}, 'rawId'],
    ['a number', { communicationUser: { id: 1 } }, 'communicationUser.id'],
    ['an empty id', { rawId: '' }, 'rawId'],
  ])('R31: removing %s is a 400 that names the field', async (_name, body, target) => {
    const threadId = await rest.createThread();
    const answer = await rest.call('POST', `${threadPath(threadId)}/participants/:remove`, { body });
    expectRefusal(answer, { status: 400, code: 'BadRequest', target });
  });
});
