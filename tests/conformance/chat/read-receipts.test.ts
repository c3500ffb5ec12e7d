import type { ChatMessageReadReceipt } from '@switchboard/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, expectRefusal, threadPath } from '../../lib/chat-rest.ts';
import { CHAT_SDKS } from '../../lib/chat-sdk.ts';
import { type ChatUser, newUser, newUsers } from '../../lib/chat-user.ts';
import { connectLive } from '../../lib/live-client.ts';
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

describe.each(CHAT_SDKS)('read receipts with chat SDK $version', (sdk) => {
  it('R37: two users who send three have two, the newest of each', async () => {
    const threadId = await rest.createThread([bob]);
    const [first, second] = [await rest.send(threadId, 'one'), await rest.send(threadId, 'two')];
    const threadOf = (user: ChatUser) => sdk.clientOf(server, user).getChatThreadClient(threadId);
    await threadOf(alice).sendReadReceipt({ chatMessageId: first });
    await threadOf(bob).sendReadReceipt({ chatMessageId: first });
    await threadOf(bob).sendReadReceipt({ chatMessageId: second });
    const listed = [];
    for await (const receipt of threadOf(alice).listReadReceipts()) listed.push(receipt);
    expect(listed).toHaveLength(2);
    for (const [user, chatMessageId] of [
      [alice, first],
      [bob, second],
    ] as const)
      expect(listed).toContainEqual({
        sender: { kind: 'communicationUser', communicationUserId: user.id },
        chatMessageId,
        readOn: expect.any(Date) as Date,
      });
  });

  it('R37: skip and page size choose among them, without a needless next page', async () => {
    const readers = await newUsers(server, 5);
    const threadId = await rest.createThread(readers);
    const message = await rest.send(threadId, 'x');
    for (const reader of readers) await new ChatRest(server.endpoint, reader).read(threadId, message);
    const thread = sdk.clientOf(server, alice).getChatThreadClient(threadId);
    const all: unknown[] = [];
    for await (const receipt of thread.listReadReceipts()) all.push(receipt);
    expect(all).toHaveLength(5);
    for (const [options, sizes] of [
      [{ maxPageSize: 2 }, [2, 2, 1]],
      [{ maxPageSize: 5 }, [5]],
      [{ skip: 1, maxPageSize: 2 }, [2, 2]],
      [{ skip: 4, maxPageSize: 1 }, [1]],
      [{ skip: 3 }, [2]],
    ] as const) {
      const pages: unknown[][] = [];
      for await (const page of thread.listReadReceipts(options).byPage()) pages.push(page);
      expect(pages.map((page) => page.length)).toEqual(sizes);
      expect(pages.flat()).toEqual(all.slice('skip' in options ? options.skip : 0));
    }
  });

  it('R37: one for a message that is not there is a 404', async () => {
    const thread = sdk.clientOf(server, alice).getChatThreadClient(await rest.createThread());
    await expect(thread.sendReadReceipt({ chatMessageId: '1' })).rejects.toMatchObject({ statusCode: 404, code: 'NotFound' });
  });
});

describe('read receipts', () => {
  it('are exactly what is published', async () => {
    const threadId = await rest.createThread();
    const message = await rest.send(threadId, 'x');
    const answer = await rest.read(threadId, message);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: undefined });
    const { body } = await rest.call<{ value: ChatMessageReadReceipt[] }>('GET', `${threadPath(threadId)}/readReceipts`);
    expect(body).toEqual({
      value: [
        {
          senderCommunicationIdentifier: { rawId: alice.id, communicationUser: { id: alice.id } },
          chatMessageId: message,
          readOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
        },
      ],
    });
  });

  it.each([[{}], [{ chatMessageId: '' }], [{ chatMessageId: 5 }], [{ chatMessageId: null }], [{ chatMessageId: '1'.repeat(65) }]])(
    'are refused for %j',
    async (body) => {
      const threadId = await rest.createThread();
      const answer = await rest.call('POST', `${threadPath(threadId)}/readReceipts`, { body });
      expectRefusal(answer, { status: 400, code: 'BadRequest', target: 'chatMessageId' });
    },
  );

  it('R37: are pushed to the others and not to the reader, once for each message further', async () => {
    const threadId = await rest.createThread([bob]);
    const [first, second] = [await rest.send(threadId, 'one'), await rest.send(threadId, 'two')];
    using aliceLive = await connectLive(server.endpoint, alice);
    using bobLive = await connectLive(server.endpoint, bob);
    const bobRest = new ChatRest(server.endpoint, bob);
    for (const message of [first, second, second, first]) expect((await bobRest.read(threadId, message)).status).toBe(200);
    for (const messageId of [first, second]) {
      const event = await aliceLive.event(246, threadId);
      expect(event).toMatchObject({ senderId: bob.id, recipientMri: alice.id, groupId: threadId, messageId });
    }
    // Pushes keep their order, so with a later message everything before it has arrived.
    await rest.send(threadId, 'later');
    for (const [live, count] of [
      [aliceLive, 2],
      [bobLive, 0],
    ] as const) {
      await live.event(200, threadId);
      expect(live.pushes.all.filter(({ event }) => event.eventId === 246)).toHaveLength(count);
    }
  });

  it('R47: are there after a restart', async () => {
    await using own = await startServer();
    const user = await newUser(own);
    const before = new ChatRest(own.endpoint, user);
    const threadId = await before.createThread();
    await before.read(threadId, await before.send(threadId, 'x'));
    const receipts = await before.receipts(threadId);
    expect(receipts).toHaveLength(1);
    await own.kill();
    await using again = await startServer({ data: own.data });
    expect(await new ChatRest(again.endpoint, user).receipts(threadId)).toEqual(receipts);
  });
});
