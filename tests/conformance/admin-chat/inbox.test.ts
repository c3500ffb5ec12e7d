import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminChat } from '../../lib/admin-chat.ts';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser, newUsers } from '../../lib/chat-user.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

/** The calls of the server that may wait at once. */
const MOST_WAITING = 64;

let server: TestServer;
let admin: AdminChat;
let alice: ChatUser;
let bob: ChatUser;
let chat: ChatRest;
let threadId: string;
beforeAll(async () => {
  server = await startServer();
  admin = new AdminChat(server);
  [alice, bob] = (await newUsers(server, 2)) as [ChatUser, ChatUser];
  chat = new ChatRest(server.endpoint, alice);
  threadId = await chat.createThread([bob], 'Inbox');
});
afterAll(() => server.stop());

const textsOf = (messages: Awaited<ReturnType<AdminChat['find']>>) => messages.map(({ content }) => content?.message);

let words = 0;
/** A word that no other message has. */
function word(): string {
  words += 1;
  return `w${words}w`;
}

describe('stored messages', () => {
  it('are found by a part of their text, newest first, with thread and sender', async () => {
    const own = word();
    const ids = [await chat.send(threadId, `first ${own}`), await chat.send(threadId, `second ${own}`)];
    const found = await admin.find({ match: own });
    expect(found.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(found[0]).toMatchObject({
      chatThreadId: threadId,
      type: 'text',
      content: { message: `second ${own}` },
      senderCommunicationIdentifier: { rawId: alice.id },
    });
    expect(await admin.find({ match: own.toUpperCase() })).toEqual([]);
  });

  it('are found by a pattern', async () => {
    const own = word();
    await chat.send(threadId, `${own}: your code is 123456`);
    await chat.send(threadId, `${own}: your code is late`);
    expect(textsOf(await admin.find({ match: `/^${own}: .*code is \\d{6}$/` }))).toEqual([`${own}: your code is 123456`]);
    expect(await admin.find({ match: `/${own}: YOUR CODE/` })).toEqual([]);
    expect(await admin.find({ match: `/${own}: YOUR CODE/i` })).toHaveLength(2);
  });

  it('are found by sender, by thread, and by those who can read them', async () => {
    const own = word();
    const carol = await newUser(server);
    const other = await chat.createThread([carol]);
    await chat.send(threadId, `to bob ${own}`);
    await chat.send(other, `to carol ${own}`);
    await new ChatRest(server.endpoint, carol).send(other, `from carol ${own}`);
    const find = async (query: object) => textsOf(await admin.find({ match: own, ...query }));
    expect(await find({ sender: carol.id })).toEqual([`from carol ${own}`]);
    expect(await find({ threadId })).toEqual([`to bob ${own}`]);
    expect(await find({ recipient: bob.id })).toEqual([`to bob ${own}`]);
    expect(await find({ recipient: carol.id })).toEqual([`to carol ${own}`]);
    expect((await find({ recipient: alice.id })).sort()).toEqual([`from carol ${own}`]);
    expect(await find({ sender: alice.id, recipient: carol.id })).toEqual([`to carol ${own}`]);
  });

  it('R45: of a time after a removal, or before a shared history, are not the user’s', async () => {
    const own = word();
    const [carol, dave] = (await newUsers(server, 2)) as [ChatUser, ChatUser];
    const other = await chat.createThread([carol]);
    await chat.send(other, `one ${own}`);
    await chat.remove(other, carol);
    await chat.add(other, [dave], { shareHistoryTime: new Date(Date.now() + 60_000).toISOString() });
    await chat.send(other, `two ${own}`);
    expect(textsOf(await admin.find({ match: own, recipient: carol.id }))).toEqual([`one ${own}`]);
    expect(await admin.find({ match: own, recipient: dave.id })).toEqual([]);
  });

  it('are found since a time and since another message', async () => {
    const own = word();
    const first = await chat.send(threadId, `1 ${own}`);
    const second = await chat.send(threadId, `2 ${own}`);
    expect(textsOf(await admin.find({ match: own, since: first }))).toEqual([`2 ${own}`]);
    expect(await admin.find({ match: own, since: second })).toEqual([]);
    expect(textsOf(await admin.find({ match: own, since: new Date(Number(second)).toISOString() }))).toEqual([`2 ${own}`]);
    expect(await admin.find({ match: own, since: '2099-01-01T00:00:00Z' })).toEqual([]);
  });

  it('are found as they are now: edited, but not deleted', async () => {
    const own = word();
    const path = `/chat/threads/${encodeURIComponent(threadId)}/messages`;
    const edited = await chat.send(threadId, `before ${own}`);
    const deleted = await chat.send(threadId, `deleted ${own}`);
    expect((await chat.call('PATCH', `${path}/${edited}`, { body: { content: `after ${own}` } })).status).toBe(204);
    expect((await chat.call('DELETE', `${path}/${deleted}`)).status).toBe(204);
    expect(textsOf(await admin.find({ match: own }))).toEqual([`after ${own}`]);
  });

  it('are system messages only when those are asked for', async () => {
    const topic = `Topic ${word()}`;
    const own = await chat.createThread([bob], topic);
    expect(await admin.find({ threadId: own })).toEqual([]);
    expect((await admin.find({ threadId: own, system: true })).map(({ type }) => type)).toEqual(['topicUpdated', 'participantAdded']);
    expect((await admin.find({ match: topic, type: 'topicUpdated' })).map(({ chatThreadId }) => chatThreadId)).toEqual([own]);
    await chat.send(own, '<b>bold</b>', { type: 'html' });
    await chat.send(own, 'plain');
    expect(textsOf(await admin.find({ threadId: own, type: 'html' }))).toEqual(['<b>bold</b>']);
  });

  it('are found in old threads that are in use, among many newer ones', async () => {
    const own = word();
    const old = await chat.createThread();
    for (let i = 0; i < 210; i++) await chat.createThread();
    await chat.send(old, `still used ${own}`);
    expect(textsOf(await admin.find({ match: own }))).toEqual([`still used ${own}`]);
  });

  it('R4: of another resource are not found', async () => {
    const own = word();
    await chat.send(threadId, own);
    const { name } = await newResource(server);
    const there = new AdminChat(server, name);
    expect(await there.find({ match: own })).toEqual([]);
    expect((await there.get('messages', { threadId })).status).toBe(404);
    expect(await there.find({ recipient: bob.id })).toEqual([]);
  });

  it('of deleted threads are left out, and a deleted thread cannot be named', async () => {
    const own = word();
    const gone = await chat.createThread();
    await chat.send(gone, own);
    expect(await admin.find({ match: own })).toHaveLength(1);
    await chat.call('DELETE', `/chat/threads/${encodeURIComponent(gone)}`);
    expect(await admin.find({ match: own })).toEqual([]);
    expect((await admin.get('messages', { threadId: gone })).status).toBe(404);
  });

  it('bad input: a pattern that costs too much over the texts is refused, and the server goes on', async () => {
    const own = await chat.createThread();
    await chat.send(own, 'a'.repeat(20_000));
    const answer = await admin.get<{ error: { target: string; message: string } }>('messages', { threadId: own, match: '/(a|a){150}b/' });
    expect(answer).toMatchObject({ status: 400, body: { error: { target: 'match' } } });
    expect(answer.body.error.message).toContain('takes too long');
    expect(await admin.find({ threadId: own, match: '/^a+$/' })).toHaveLength(1);
  });
});

describe('waiting', () => {
  it('answers with a message that comes while it waits, once', async () => {
    const own = word();
    const waiting = admin.find({ match: own, wait: '30s' });
    await chat.send(threadId, `late ${own}`);
    expect(textsOf(await waiting)).toEqual([`late ${own}`]);
  });

  it('answers at once with what is there already', async () => {
    const own = word();
    await chat.send(threadId, own);
    expect(await admin.find({ match: own, wait: '60s' })).toHaveLength(1);
  });

  it('finds a message once, whenever it comes', async () => {
    for (let i = 0; i < 20; i++) {
      const own = word();
      const [found] = await Promise.all([admin.find({ match: own, wait: '30s' }), chat.send(threadId, own)]);
      expect(textsOf(found)).toEqual([own]);
    }
  });

  it('lasts until as many came as are wanted', async () => {
    const own = word();
    await chat.send(threadId, `1 ${own}`);
    const waiting = admin.find({ match: own, count: 3, wait: '30s' });
    await chat.send(threadId, `2 ${own}`);
    await chat.send(threadId, 'something else');
    await chat.send(threadId, `3 ${own}`);
    expect(textsOf(await waiting)).toEqual([`3 ${own}`, `2 ${own}`, `1 ${own}`]);
  });

  it('ends with what there is when the time is over', async () => {
    const own = word();
    const started = performance.now();
    expect(await admin.find({ match: own, wait: '200ms' })).toEqual([]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(200);
    await chat.send(threadId, own);
    expect(await admin.find({ match: own, count: 2, wait: '100ms' })).toHaveLength(1);
  });

  it('notices an edit that makes a message match', async () => {
    const own = word();
    const id = await chat.send(threadId, 'draft');
    const waiting = admin.find({ match: own, wait: '30s' });
    await chat.call('PATCH', `/chat/threads/${encodeURIComponent(threadId)}/messages/${id}`, { body: { content: `final ${own}` } });
    expect(textsOf(await waiting)).toEqual([`final ${own}`]);
  });

  it('notices system messages', async () => {
    const topic = `New ${word()}`;
    const waiting = admin.find({ match: topic, system: true, wait: '30s' });
    const created = await chat.createThread([bob], topic);
    expect(await waiting).toMatchObject([{ type: 'topicUpdated', chatThreadId: created, content: { topic } }]);
    const carol = await newUser(server);
    const added = admin.find({ threadId: created, type: 'participantAdded', count: 2, wait: '30s' });
    await chat.add(created, [carol]);
    expect((await added)[0]).toMatchObject({ content: { participants: [{ communicationIdentifier: { rawId: carol.id } }] } });
  });

  it('keeps to thread, sender and recipient', async () => {
    const own = word();
    const carol = await newUser(server);
    const other = await chat.createThread([carol]);
    const waits = [{ threadId: other }, { sender: carol.id }, { recipient: carol.id }].map((query) =>
      admin.find({ match: own, wait: '30s', ...query }),
    );
    await chat.send(threadId, `not this ${own}`);
    await new ChatRest(server.endpoint, carol).send(other, `from carol ${own}`);
    expect((await waits[0]!).map(({ chatThreadId }) => chatThreadId)).toEqual([other]);
    expect(textsOf(await waits[1]!)).toEqual([`from carol ${own}`]);
    await chat.send(other, `to carol ${own}`);
    expect(textsOf(await waits[2]!)).toEqual([`to carol ${own}`]);
  });

  it('passes in real time under a clock that stands still', async () => {
    await using own = await startServer({ args: ['--clock', 'virtual'] });
    const there = new AdminChat(own);
    expect(await there.find({ wait: '100ms' })).toEqual([]);
    const user = await newUser(own);
    const rest = new ChatRest(own.endpoint, user);
    const first = await rest.send(await rest.createThread(), 'first');
    const waiting = there.find({ sender: user.id, since: first, wait: '30s' });
    const thread = (await there.threads())[0]!.id;
    await rest.send(thread, 'second');
    expect(textsOf(await waiting)).toEqual(['second']);
  });

  it('is bounded, and makes room when a client goes', async () => {
    const own = word();
    const leave = new AbortController();
    const there = await chat.createThread();
    const url = new URL(`/admin/chat/messages?threadId=${encodeURIComponent(there)}&match=${own}&wait=60s`, server.ready.httpEndpoint);
    const headers = { authorization: `Bearer ${server.ready.adminKey}` };
    // One more may have had the last place for a moment.
    const wait = async (): Promise<number> => {
      const { status } = await fetch(url, { headers, signal: leave.signal });
      return status === 503 ? wait() : status;
    };
    const waits = Array.from({ length: MOST_WAITING }, wait);
    const settled = Promise.allSettled(waits);
    const statusOfOneMore = async () => (await admin.get('messages', { threadId: there, match: own, wait: '1ms' })).status;
    await expect.poll(statusOfOneMore, { timeout: 45_000 }).toBe(503);
    expect(await admin.get('messages', { match: own, wait: '1s' })).toMatchObject({ body: { error: { target: 'wait' } } });
    expect(await admin.find({ match: own })).toEqual([]);
    leave.abort();
    expect((await settled).map(({ status }) => status)).toEqual(waits.map(() => 'rejected'));
    await expect.poll(statusOfOneMore, { timeout: 20_000 }).toBe(200);
  });

  it('ends when the server stops', async () => {
    const own = await startServer();
    const there = new AdminChat(own);
    const waiting = there.find({ wait: '60s' });
    // Served one after the other: when this is answered, the other waits.
    await there.find({ wait: '1ms' });
    const started = performance.now();
    const stopped = own.stop();
    expect(await waiting).toEqual([]);
    expect(await stopped).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('does not hold up a reset, and is not answered from before it', async () => {
    await using own = await startServer();
    const there = new AdminChat(own);
    const rest = new ChatRest(own.endpoint, await newUser(own));
    await rest.send(await rest.createThread(), 'before');
    const waiting = there.find({ count: 2, wait: '3s' });
    await there.find({ wait: '1ms' });
    expect((await own.admin('POST', '/admin/reset')).status).toBeLessThan(300);
    expect(await waiting).toEqual([]);
    expect(await there.find()).toEqual([]);
  });
});
