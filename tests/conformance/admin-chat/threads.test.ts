import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminChat } from '../../lib/admin-chat.ts';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser } from '../../lib/chat-user.ts';
import { newResource } from '../../lib/resources.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const DAY_MS = 86_400_000;

let server: TestServer;
let alice: ChatUser;
let bob: ChatUser;
let chat: ChatRest;
let admin: AdminChat;
beforeAll(async () => {
  server = await startServer();
  [alice, bob] = await Promise.all([newUser(server), newUser(server)]);
  chat = new ChatRest(server.endpoint, alice);
  admin = new AdminChat(server);
});
afterAll(() => server.stop());

/** An isolated resource with a user and its thread. */
async function elsewhere() {
  const { name } = await newResource(server);
  const user = await newUser(server, { resource: name });
  const rest = new ChatRest(server.endpoint, user);
  return { admin: new AdminChat(server, name), user, rest, threadId: await rest.createThread([], 'Elsewhere') };
}

async function deleteThread(rest: ChatRest, threadId: string): Promise<void> {
  expect((await rest.call('DELETE', `/chat/threads/${encodeURIComponent(threadId)}`)).status).toBe(204);
}

describe('the threads of a resource', () => {
  it('R43: are listed to an administrator, newest first, with those that were deleted and when their rows go', async () => {
    const { admin: there, user, rest, threadId } = await elsewhere();
    const kept = await rest.createThread([], 'Kept');
    await deleteThread(rest, threadId);
    const [newer, older, ...others] = await there.threads();
    expect(others).toEqual([]);
    expect(newer).toEqual({
      id: kept,
      topic: 'Kept',
      createdOn: newer!.createdOn,
      createdBy: user.id,
      participantCount: 1,
      lastMessageOn: newer!.lastMessageOn,
    });
    expect(older).toMatchObject({ id: threadId, topic: 'Elsewhere', deletedReason: 'deletedByUser' });
    expect(Date.parse(older!.purgeOn!)).toBe(Date.parse(older!.deletedOn!) + 30 * DAY_MS);
    expect((await there.threads({ deleted: 'all' })).map(({ id }) => id)).toEqual([kept, threadId]);
    expect((await there.threads({ deleted: 'true' })).map(({ id }) => id)).toEqual([threadId]);
    expect((await there.threads({ deleted: 'false' })).map(({ id }) => id)).toEqual([kept]);
  });

  it('are listed by user, also those that the user left', async () => {
    const carol = await newUser(server);
    const [none, left, deleted] = [
      await chat.createThread([bob]),
      await chat.createThread([carol]),
      await chat.createThread([bob, carol]),
    ] as const;
    expect((await chat.remove(left, carol)).status).toBe(204);
    await deleteThread(chat, deleted);
    const found = await admin.threads({ user: carol.id });
    expect(found.map(({ id, participantCount }) => [id, participantCount])).toEqual([
      [deleted, 3],
      [left, 1],
    ]);
    expect((await admin.threads({ user: carol.id, deleted: 'true' })).map(({ id }) => id)).toEqual([deleted]);
    expect((await admin.threads({ user: carol.id, deleted: 'false' })).map(({ id }) => id)).toEqual([left]);
    expect(found.map(({ id }) => id)).not.toContain(none);
  });

  it('are paged without gap or repetition while threads come and go', async () => {
    const { admin: there, rest, threadId } = await elsewhere();
    const ids = [threadId];
    for (let i = 0; i < 6; i++) ids.unshift(await rest.createThread());
    const first = await there.get<{ value: { id: string }[]; nextLink: string }>('threads', { maxPageSize: 3 });
    expect(first.body.value.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    await deleteThread(rest, ids[4]!);
    await deleteThread(rest, ids[2]!);
    expect((await there.purge(ids[2]!)).status).toBe(204);
    await rest.createThread();
    const second = await server.admin<{ value: { id: string }[]; nextLink: string }>('GET', first.body.nextLink);
    expect(second.body.value.map(({ id }) => id)).toEqual(ids.slice(3, 6));
    const third = await server.admin<{ value: { id: string }[] }>('GET', second.body.nextLink);
    expect(third.body).toEqual({ value: [expect.objectContaining({ id: ids[6] })] });
  });

  it('keep the filter from page to page', async () => {
    const { admin: there, rest, threadId, user } = await elsewhere();
    const live = [await rest.createThread(), await rest.createThread()];
    await deleteThread(rest, threadId);
    for (const query of [{ deleted: 'false' }, { deleted: 'false', user: user.id }]) {
      const pages = await there.pages<{ id: string }>('threads', { ...query, maxPageSize: 1 });
      expect(pages.map((page) => page.map(({ id }) => id))).toEqual([[live[1]], [live[0]]]);
    }
  });
});

describe('one thread', () => {
  it('is shown with participants, receipts and retention', async () => {
    const threadId = await chat.createThread([bob], 'All of it');
    const messageId = await chat.send(threadId, 'read me');
    expect((await new ChatRest(server.endpoint, bob).read(threadId, messageId)).status).toBe(200);
    const thread = await admin.thread(threadId);
    expect(thread).toMatchObject({
      id: threadId,
      topic: 'All of it',
      createdBy: alice.id,
      participantCount: 2,
      lastMessageOn: new Date(Number(messageId)).toISOString(),
      messageRetentionDays: 30,
    });
    expect(thread.participants).toEqual(
      [alice.id, bob.id].sort().map((id) => ({ id, shareHistoryTime: '1970-01-01T00:00:00.000Z', connected: false })),
    );
    expect(thread.receipts).toMatchObject([{ userId: bob.id, chatMessageId: messageId }]);
  });

  it('R43: is shown with its messages after its deletion, and to nobody else', async () => {
    const threadId = await chat.createThread([bob], 'Gone');
    const removed = await chat.send(threadId, 'taken back');
    const kept = await chat.send(threadId, 'still here', { metadata: { k: 'v' } });
    expect((await chat.call('DELETE', `/chat/threads/${encodeURIComponent(threadId)}/messages/${removed}`)).status).toBe(204);
    await deleteThread(chat, threadId);
    expect(await admin.thread(threadId)).toMatchObject({ id: threadId, topic: 'Gone', participantCount: 2 });
    const messages = await admin.messages(threadId);
    expect(messages.map(({ id, type }) => [id, type]).slice(0, 2)).toEqual([
      [kept, 'text'],
      [removed, 'text'],
    ]);
    expect(messages.map(({ type }) => type).slice(2)).toEqual(['topicUpdated', 'participantAdded']);
    expect(messages[0]).toMatchObject({ chatThreadId: threadId, content: { message: 'still here' }, metadata: { k: 'v' } });
    expect(messages[1]).not.toHaveProperty('content');
    expect(messages[1]).toHaveProperty('deletedOn');
    expect((await chat.call('GET', `/chat/threads/${encodeURIComponent(threadId)}/messages`)).status).toBe(404);
  });

  it('has its messages paged, newest first', async () => {
    const threadId = await chat.createThread();
    const ids = [];
    for (let i = 0; i < 5; i++) ids.unshift(await chat.send(threadId, `${i}`));
    const pages = await admin.pages<{ id: string }>(`threads/${encodeURIComponent(threadId)}/messages`, { maxPageSize: 3 });
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(
      pages
        .flat()
        .map(({ id }) => id)
        .slice(0, 5),
    ).toEqual(ids);
  });

  it('R4: is not found through another resource', async () => {
    const { admin: there, threadId } = await elsewhere();
    const ours = await chat.createThread();
    for (const [view, id] of [
      [admin, threadId],
      [there, ours],
    ] as const) {
      const path = `threads/${encodeURIComponent(id)}`;
      const answers = [
        await view.get(path),
        await view.get(`${path}/messages`),
        await view.delete(id),
        await view.purge(id),
        await view.post(`${path}/messages`, { as: alice.id, content: 'x' }),
        await view.post(`${path}/participants/:add`, { participants: [{ id: bob.id }] }),
        await view.post(`${path}/participants/:remove`, { id: alice.id }),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    }
    expect((await admin.get('threads', { resource: 'nowhere' })).status).toBe(404);
    expect((await there.threads()).map(({ id }) => id)).not.toContain(ours);
    expect((await admin.threads()).map(({ id }) => id)).not.toContain(threadId);
  });
});

describe('purging', () => {
  it('R43: a deleted thread is there until its purge date, and then its rows are gone', async () => {
    await using own = await startServer({ args: ['--clock', 'virtual'] });
    const user = await newUser(own);
    const rest = new ChatRest(own.endpoint, user);
    const threadId = await rest.createThread([], 'Thirty days');
    const messageId = await rest.send(threadId, 'to be purged');
    await rest.read(threadId, messageId);
    await deleteThread(rest, threadId);
    const there = new AdminChat(own);
    const { purgeOn } = await there.thread(threadId);
    const advanceTo = (ms: number) => own.admin('POST', '/admin/clock:advance', { to: new Date(ms).toISOString() });

    await advanceTo(Date.parse(purgeOn!) - 1_000);
    expect((await there.threads({ deleted: 'true' })).map(({ id }) => id)).toEqual([threadId]);
    expect(rowsIn(own)).toMatchObject({ chat_threads: 1, chat_participants: 1, chat_read_receipts: 1 });

    await advanceTo(Date.parse(purgeOn!));
    expect(await there.threads()).toEqual([]);
    expect((await there.get(`threads/${encodeURIComponent(threadId)}`)).status).toBe(404);
    expect(rowsIn(own)).toEqual({ chat_threads: 0, chat_participants: 0, chat_messages: 0, chat_read_receipts: 0 });
  });

  it('by hand removes a deleted thread at once, and no other', async () => {
    await using own = await startServer();
    const rest = new ChatRest(own.endpoint, await newUser(own));
    const there = new AdminChat(own);
    const kept = await rest.createThread();
    const threadId = await rest.createThread();
    await rest.send(threadId, 'x');
    expect(await there.purge(threadId)).toMatchObject({ status: 409, body: { error: { code: 'Conflict' } } });
    await deleteThread(rest, threadId);
    expect((await there.purge(threadId)).status).toBe(204);
    expect((await there.purge(threadId)).status).toBe(404);
    expect((await there.threads()).map(({ id }) => id)).toEqual([kept]);
    expect(rowsIn(own)).toEqual({ chat_threads: 1, chat_participants: 1, chat_messages: 2, chat_read_receipts: 0 });
  });
});

/** How many rows the SQLite file holds. */
function rowsIn({ data }: TestServer): Record<string, number> {
  const database = new DatabaseSync(join(data, 'switchboard.db'), { readOnly: true });
  try {
    const tables = ['chat_threads', 'chat_participants', 'chat_messages', 'chat_read_receipts'];
    return Object.fromEntries(tables.map((table) => [table, Number(database.prepare(`select count(*) as n from ${table}`).get()?.['n'])]));
  } finally {
    database.close();
  }
}
