import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdminChatThread } from '@switchboard/contract';
import { AdminChat } from '../../lib/admin-chat.ts';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser, newUsers } from '../../lib/chat-user.ts';
import { connectLive } from '../../lib/live-client.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
let admin: AdminChat;
let alice: ChatUser;
let bob: ChatUser;
beforeAll(async () => {
  server = await startServer();
  admin = new AdminChat(server);
  [alice, bob] = (await newUsers(server, 2)) as [ChatUser, ChatUser];
});
afterAll(() => server.stop());

interface Created {
  readonly chatThread: AdminChatThread;
  readonly invalidParticipants?: readonly { readonly target: string; readonly code: string }[];
}

async function newThread(more: object = {}): Promise<Created> {
  const { status, body } = await admin.post<Created>('threads', {
    as: alice.id,
    topic: 'Made by hand',
    participants: [{ id: bob.id, displayName: 'Bob', metadata: { role: 'guest' } }],
    ...more,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

const pathOf = (threadId: string) => `threads/${encodeURIComponent(threadId)}`;
const restOf = (user: ChatUser) => new ChatRest(server.endpoint, user);

describe('an administrator', () => {
  it('creates a thread as a user, who and whose participants then have it', async () => {
    const { chatThread, invalidParticipants } = await newThread({ metadata: { k: 'v' } });
    expect(invalidParticipants).toBeUndefined();
    expect(chatThread).toMatchObject({ topic: 'Made by hand', createdBy: alice.id, participantCount: 2, metadata: { k: 'v' } });
    expect(chatThread.participants.find(({ id }) => id === bob.id)).toMatchObject({ displayName: 'Bob', metadata: { role: 'guest' } });
    for (const user of [alice, bob]) expect((await restOf(user).threads()).map(({ id }) => id)).toContain(chatThread.id);
    expect((await restOf(bob).messages(chatThread.id)).map(({ type }) => type)).toEqual(['topicUpdated', 'participantAdded']);
  });

  it('is told of participants that cannot take part', async () => {
    const { name } = await newResource(server);
    const stranger = await newUser(server, { resource: name });
    const { chatThread, invalidParticipants } = await newThread({ participants: [{ id: stranger.id }, { id: bob.id }] });
    expect(invalidParticipants).toMatchObject([{ target: stranger.id, code: '403' }]);
    expect(chatThread.participantCount).toBe(2);
  });

  it('R34: sends as a participant, which the others get live', async () => {
    const { chatThread } = await newThread();
    using live = await connectLive(server.endpoint, bob);
    const id = await admin.send(chatThread.id, { as: alice.id, content: 'Hello, Bob' });
    expect(await live.event(200, chatThread.id)).toMatchObject({ senderId: alice.id, messageId: id, messageBody: 'Hello, Bob' });
    expect(await restOf(bob).message(chatThread.id, id)).toMatchObject({
      content: { message: 'Hello, Bob' },
      senderCommunicationIdentifier: { rawId: alice.id },
    });
  });

  it('sends html, which is sanitised as ever', async () => {
    const { chatThread } = await newThread();
    const id = await admin.send(chatThread.id, { as: bob.id, content: '<b>bold</b><script>x</script>', type: 'html' });
    expect(await restOf(alice).message(chatThread.id, id)).toMatchObject({ type: 'html', content: { message: '<b>bold</b>' } });
  });

  it('R36, R37: types and reads as a participant', async () => {
    const { chatThread } = await newThread();
    const chatMessageId = await admin.send(chatThread.id, { as: bob.id, content: 'read me' });
    using live = await connectLive(server.endpoint, bob);
    expect((await admin.post(`${pathOf(chatThread.id)}/typing`, { as: alice.id, senderDisplayName: 'Alice' })).status).toBe(204);
    expect(await live.event(245, chatThread.id)).toMatchObject({ senderId: alice.id, senderDisplayName: 'Alice' });
    expect((await admin.post(`${pathOf(chatThread.id)}/readReceipts`, { as: alice.id, chatMessageId })).status).toBe(204);
    expect(await live.event(246, chatThread.id)).toMatchObject({ senderId: alice.id, messageId: chatMessageId });
    expect((await admin.thread(chatThread.id)).receipts).toMatchObject([{ userId: alice.id, chatMessageId }]);
  });

  it('R45: acts as nobody who takes no part, or is no user of the resource', async () => {
    const { chatThread } = await newThread();
    const [outsider, { name }] = [await newUser(server), await newResource(server)];
    const stranger = await newUser(server, { resource: name });
    const path = pathOf(chatThread.id);
    const acts = [
      [`${path}/messages`, { content: 'x' }],
      [`${path}/typing`, {}],
      [`${path}/readReceipts`, { chatMessageId: '1' }],
    ] as const;
    for (const [act, body] of acts) {
      expect(await admin.post(act, { ...body, as: outsider.id })).toMatchObject({ status: 403 });
      for (const as of [stranger.id, '8:acs:nobody', 'x'])
        expect(await admin.post(act, { ...body, as })).toMatchObject({ status: 404, body: { error: { target: 'as' } } });
    }
    expect(await admin.post('threads', { as: stranger.id, topic: 'x' })).toMatchObject({ status: 404, body: { error: { target: 'as' } } });
    expect((await admin.messages(chatThread.id)).filter(({ type }) => type === 'text')).toEqual([]);
  });

  it('R31: adds and removes participants in the name of the creator, also of one who has left', async () => {
    const { chatThread } = await newThread();
    const carol = await newUser(server);
    expect((await restOf(bob).remove(chatThread.id, alice)).status).toBe(204);
    using live = await connectLive(server.endpoint, bob);
    expect(
      await admin.post(`${pathOf(chatThread.id)}/participants/:add`, { participants: [{ id: carol.id, displayName: 'Carol' }] }),
    ).toEqual({
      status: 201,
      body: {},
    });
    expect(JSON.parse(String((await live.event(260, chatThread.id))['addedBy']))).toMatchObject({ participantId: alice.id });
    expect((await restOf(carol).messages(chatThread.id))[0]).toMatchObject({
      type: 'participantAdded',
      content: { initiatorCommunicationIdentifier: { rawId: alice.id } },
    });
    expect((await admin.post(`${pathOf(chatThread.id)}/participants/:remove`, { id: bob.id })).status).toBe(204);
    expect((await admin.thread(chatThread.id)).participants.map(({ id }) => id)).toEqual([carol.id]);
    expect((await admin.post(`${pathOf(chatThread.id)}/participants/:remove`, { id: bob.id })).status).toBe(404);
  });

  it('R44: deletes a thread, of which its participants hear', async () => {
    const { chatThread } = await newThread();
    using live = await connectLive(server.endpoint, bob);
    expect((await admin.delete(chatThread.id)).status).toBe(204);
    expect(await live.event(259, chatThread.id)).toMatchObject({ senderId: alice.id, reason: 'deletedByUser' });
    expect((await restOf(alice).call('GET', `/chat/threads/${encodeURIComponent(chatThread.id)}`)).status).toBe(404);
    expect((await admin.thread(chatThread.id)).deletedReason).toBe('deletedByUser');
    expect((await admin.delete(chatThread.id)).status).toBe(404);
  });

  it('is bound by the limits of the chat API', async () => {
    const { chatThread } = await newThread();
    const answer = await admin.post(`${pathOf(chatThread.id)}/messages`, { as: alice.id, content: 'x'.repeat(30_000) });
    expect(answer).toMatchObject({ status: 400, body: { error: { target: 'content' } } });
    expect(await admin.post('threads', { as: alice.id, topic: 'x'.repeat(251) })).toMatchObject({ status: 400 });
  });
});
