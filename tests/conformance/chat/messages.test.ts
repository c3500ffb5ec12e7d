import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, expectRefusal, threadPath } from '../../lib/chat-rest.ts';
import { CHAT_SDK, CHAT_SDKS } from '../../lib/chat-sdk.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { liveConnections } from '../../lib/server-measures.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

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

describe.each(CHAT_SDKS)('messages with chat SDK $version', (sdk) => {
  it('R34: a sent message has an id, and history lists it for everybody', async () => {
    const threadId = await rest.createThread([bob]);
    const thread = sdk.clientOf(server, alice).getChatThreadClient(threadId);
    const { id } = await thread.sendMessage({ content: 'Hello' }, { senderDisplayName: 'Alice', metadata: { mood: 'good' } });
    const message = await sdk.clientOf(server, bob).getChatThreadClient(threadId).getMessage(id);
    expect(message).toMatchObject({
      id,
      type: 'text',
      sequenceId: '3',
      version: id,
      content: { message: 'Hello' },
      senderDisplayName: 'Alice',
      sender: { kind: 'communicationUser', communicationUserId: alice.id },
      metadata: { mood: 'good' },
    });
    expect(message.createdOn.getTime()).toBe(Math.floor(Number(id) / 1000) * 1000);
    expect(message).not.toHaveProperty('editedOn');
    const listed = await sdk.clientOf(server, bob).getChatThreadClient(threadId).listMessages().next();
    expect(listed.value).toEqual(message);
  });

  it('R34: without a display name the sender is shown with an empty one', async () => {
    const threadId = await rest.createThread();
    const thread = sdk.clientOf(server, alice).getChatThreadClient(threadId);
    const { id } = await thread.sendMessage({ content: 'Hello' });
    expect(await thread.getMessage(id)).toMatchObject({ senderDisplayName: '' });
  });

  it('R46: the sender edits content and metadata; the version grows, id and place stay', async () => {
    const threadId = await rest.createThread([bob]);
    const thread = sdk.clientOf(server, alice).getChatThreadClient(threadId);
    const { id } = await thread.sendMessage({ content: 'Helo' }, { senderDisplayName: 'Alice' });
    await thread.updateMessage(id, { content: 'Hello', metadata: { edited: 'yes' } });
    const edited = await thread.getMessage(id);
    expect(edited).toMatchObject({
      id,
      sequenceId: '3',
      content: { message: 'Hello' },
      senderDisplayName: 'Alice',
      metadata: { edited: 'yes' },
    });
    expect(edited.editedOn).toBeInstanceOf(Date);
    expect(Number(edited.version)).toBeGreaterThan(Number(id));
    await thread.updateMessage(id, { content: 'Hello!' });
    const again = await thread.getMessage(id);
    expect(again).toMatchObject({ content: { message: 'Hello!' }, metadata: { edited: 'yes' } });
    expect(Number(again.version)).toBeGreaterThan(Number(edited.version));
  });

  it('R46: a deleted message stays listed without its content, and is not changed again', async () => {
    const threadId = await rest.createThread([bob]);
    const thread = sdk.clientOf(server, alice).getChatThreadClient(threadId);
    const { id } = await thread.sendMessage({ content: 'Oops' }, { metadata: { secret: 'x' } });
    await thread.deleteMessage(id);
    const deleted = await thread.getMessage(id);
    expect(deleted).toMatchObject({ id, type: 'text', sequenceId: '3', sender: { communicationUserId: alice.id } });
    expect(deleted.deletedOn).toBeInstanceOf(Date);
    expect(deleted.content?.message ?? '').toBe('');
    expect(deleted.metadata ?? {}).toEqual({});
    expect(Number(deleted.version)).toBeGreaterThan(Number(id));
    expect((await thread.listMessages().next()).value).toEqual(deleted);
    await expect(thread.updateMessage(id, { content: 'Back' })).rejects.toMatchObject({ statusCode: 404, code: 'NotFound' });
    await expect(thread.deleteMessage(id)).rejects.toMatchObject({ statusCode: 404, code: 'NotFound' });
  });

  it('R46: others may neither edit nor delete a message', async () => {
    const threadId = await rest.createThread([bob]);
    const id = await rest.send(threadId, 'Mine');
    const thread = sdk.clientOf(server, bob).getChatThreadClient(threadId);
    await expect(thread.updateMessage(id, { content: 'Yours' })).rejects.toMatchObject({ statusCode: 403, code: 'Forbidden' });
    await expect(thread.deleteMessage(id)).rejects.toMatchObject({ statusCode: 403, code: 'Forbidden' });
    expect(await rest.message(threadId, id)).toMatchObject({ content: { message: 'Mine' }, version: id });
  });

  it('R46: system messages are nobody’s to edit or delete', async () => {
    const threadId = await rest.createThread([bob]);
    const thread = sdk.clientOf(server, alice).getChatThreadClient(threadId);
    for (const { id } of await rest.messages(threadId)) {
      await expect(thread.updateMessage(id, { content: 'x' })).rejects.toMatchObject({ statusCode: 403, code: 'Forbidden' });
      await expect(thread.deleteMessage(id)).rejects.toMatchObject({ statusCode: 403, code: 'Forbidden' });
    }
  });

  it('R36: a typing notification is taken from participants', async () => {
    const threadId = await rest.createThread();
    const thread = sdk.clientOf(server, alice).getChatThreadClient(threadId);
    expect(await thread.sendTypingNotification({ senderDisplayName: 'Alice' })).toBe(true);
  });
});

describe('messages over REST', () => {
  it('R34 R39: ids are unique and rise as sequence ids count, whatever is sent at once', async () => {
    const threadId = await rest.createThread([bob]);
    const others = new ChatRest(server.endpoint, bob);
    const sent = await Promise.all(Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? rest : others).send(threadId, `Message ${i}`)));
    const listed = (await rest.messages(threadId)).toReversed();
    expect(listed.map(({ sequenceId }) => sequenceId)).toEqual(Array.from({ length: 62 }, (_, i) => String(i + 1)));
    const ids = listed.map(({ id }) => Number(id));
    expect(ids.every((id, i) => i === 0 || id > ids[i - 1]!)).toBe(true);
    expect(
      listed
        .slice(2)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(sent.sort());
  });

  it('R34: Location is the address of the message', async () => {
    const threadId = await rest.createThread();
    const { headers, body } = await rest.call<{ id: string }>('POST', `${threadPath(threadId)}/messages`, { body: { content: 'x' } });
    const location = headers.get('location') ?? '';
    expect(location).toBe(`${server.endpoint.replace(/\/$/, '')}/chat/threads/${threadId.replace(':', '%3A')}/messages/${body.id}`);
    expect((await rest.call('GET', location)).body).toMatchObject({ id: body.id });
  });

  it('R39: times have whole seconds, as the service writes them', async () => {
    const threadId = await rest.createThread();
    const message = await rest.message(threadId, await rest.send(threadId, 'x'));
    expect(message.createdOn).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it.each(['0', '1', '-1', '01', '1e3', 'x', '99999999999999999999', '%00', '1795339200000'])('R39: message %s is a 404', async (id) => {
    const threadId = await rest.createThread();
    const path = `${threadPath(threadId)}/messages/${id}`;
    // What cannot be part of any id matches no operation, so no field is named.
    const expected = { status: 404, code: 'NotFound', ...(id === '%00' ? {} : { target: 'chatMessageId' }) };
    expectRefusal(await rest.call('GET', path), expected);
    expectRefusal(await rest.call('PATCH', path, { body: { content: 'x' } }), expected);
    expectRefusal(await rest.call('DELETE', path), expected);
  });

  it('R45: a message of one thread is not found in another', async () => {
    const [one, other] = [await rest.createThread(), await rest.createThread()];
    const id = await rest.send(one, 'x');
    expectRefusal(await rest.call('GET', `${threadPath(other)}/messages/${id}`), {
      status: 404,
      code: 'NotFound',
      target: 'chatMessageId',
    });
  });

  it('R34: ids and sequence rise when the clock stands still and when it goes back', async () => {
    await using still = await startServer({ args: ['--clock', 'virtual'] });
    const user = new ChatRest(still.endpoint, await newUser(still));
    const threadId = await user.createThread();
    for (let i = 0; i < 3; i++) await user.send(threadId, `still ${i}`);
    const { body: clock } = await still.admin<{ now: string }>('GET', '/admin/clock');
    const back = new Date(Date.parse(clock.now) - 60_000).toISOString();
    expect((await still.admin('POST', '/admin/clock:set', { to: back })).status).toBe(200);
    for (let i = 0; i < 3; i++) await user.send(threadId, `back ${i}`);
    const messages = (await user.messages(threadId)).toReversed();
    const ids = messages.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(8);
    expect(messages.map(({ sequenceId }) => sequenceId)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  });

  it('R47: a restart loses nothing and counting goes on', async () => {
    using folder = new TemporaryFolder();
    const first = await startServer({ data: folder.path });
    const before = new ChatRest(first.endpoint, await newUser(first));
    const threadId = await before.createThread();
    await before.send(threadId, 'before');
    const history = await before.messages(threadId);
    await first.stop();
    await using second = await startServer({ data: folder.path });
    const after = new ChatRest(second.endpoint, before.user);
    expect(await after.messages(threadId)).toEqual(history);
    const sent = await after.message(threadId, await after.send(threadId, 'after'));
    expect(sent.sequenceId).toBe('4');
    expect(Number(sent.id)).toBeGreaterThan(Number(history[0]!.id));
  });

  it('R38: history and sending work with no socket', async () => {
    const threadId = await rest.createThread([bob]);
    await CHAT_SDK.clientOf(server, bob).getChatThreadClient(threadId).sendMessage({ content: 'No socket' });
    expect((await rest.messages(threadId))[0]).toMatchObject({ content: { message: 'No socket' } });
    expect(await liveConnections(server)).toBe(0);
  });
});
