import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, newUser, newUsers } from '../../lib/chat-user.ts';
import { connectLive, type LiveClient } from '../../lib/live-client.ts';
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

/** Pushes keep the order of what they tell: when this one has come, everything before it has, or never will. */
async function settle(live: LiveClient, user: ChatUser): Promise<void> {
  const threadId = await rest.createThread([user], 'Settle');
  await live.event(257, threadId);
}

describe('live delivery', () => {
  it('R34: 500 messages sent as fast as possible arrive once each, in the order of the history, on every device', async () => {
    const [carol, dave] = (await newUsers(server, 2)) as [ChatUser, ChatUser];
    const owner = new ChatRest(server.endpoint, carol);
    const devices = await Promise.all([
      connectLive(server.endpoint, carol),
      connectLive(server.endpoint, dave),
      connectLive(server.endpoint, dave),
    ]);
    const threadId = await owner.createThread([dave]);
    const writers = [owner, new ChatRest(server.endpoint, dave)];
    await Promise.all(
      Array.from({ length: 20 }, async (_, writer) => {
        for (let i = 0; i < 25; i++) await writers[writer % 2]!.send(threadId, `${writer}.${i}`);
      }),
    );
    const last = await owner.send(threadId, 'last');
    const history = (await owner.messages(threadId)).toReversed().flatMap(({ content }) => content?.message ?? []);
    expect(history).toHaveLength(501);
    for (const device of devices) {
      await device.pushes.take(({ event }) => event['messageId'] === last);
      expect(device.texts()).toEqual(history);
      device.socket.terminate();
    }
  });

  it('R34: a message with every awkward character arrives as it was sent', async () => {
    using live = await connectLive(server.endpoint, bob);
    const text =
      '"quoted" \\back\\slash\\ 100% %41 %u0041 \u2028\u2029 \u0000\u0001\u007f ü € 👩‍👩‍👧 \ud83d\ude00 \r\n\t </script> \ufeff\uffff';
    const more = { senderDisplayName: `"\\%\u2028ü👍`, metadata: { '"\\%\u2028ü👍': '"\\%\u2028ü👍' } };
    const threadId = await rest.createThread([bob], text.slice(0, 100));
    await rest.send(threadId, text, more);
    const event = await live.event(200, threadId);
    expect(event).toMatchObject({ messageBody: text, senderDisplayName: more.senderDisplayName });
    expect(JSON.parse(event['acsChatMessageMetadata'] as string)).toEqual(more.metadata);
    const created = await live.event(257, threadId);
    expect(JSON.parse(created['properties'] as string)).toEqual({ topic: text.slice(0, 100) });
  });

  it('R34: the largest message arrives whole', async () => {
    using live = await connectLive(server.endpoint, bob);
    const threadId = await rest.createThread([bob]);
    const text = '€'.repeat(9_557);
    await rest.send(threadId, text);
    expect(await live.event(200, threadId)).toMatchObject({ messageBody: text });
  });

  it('R34: every device of a user gets it, the sender’s own included', async () => {
    const devices = await Promise.all([bob, bob, bob, alice, alice].map((user) => connectLive(server.endpoint, user)));
    const threadId = await rest.createThread([bob]);
    await rest.send(threadId, 'Hello');
    for (const device of devices) {
      expect(await device.event(200, threadId)).toMatchObject({ messageBody: 'Hello' });
      device.socket.terminate();
    }
  });

  it('R38 R152: nothing is pushed to a socket that is not registered, or no longer', async () => {
    using registered = await connectLive(server.endpoint, bob);
    using silent = await connectLive(server.endpoint, bob, { registers: false });
    using left = await connectLive(server.endpoint, bob);
    expect((await left.unregister(bob)).ok).toBe(true);
    const threadId = await rest.createThread([bob]);
    await rest.send(threadId, 'Hello');
    await registered.event(200, threadId);
    for (const live of [silent, left]) {
      // What was pushed before is on the wire before the acknowledgement.
      await live.emit('ping');
      expect(live.pushes.all).toEqual([]);
    }
  });

  it('R34 R38: what happens between a connection and its registration is pushed with the registration, in order', async () => {
    using live = await connectLive(server.endpoint, bob, { registers: false });
    const threadId = await rest.createThread([bob]);
    for (const content of ['one', 'two']) await rest.send(threadId, content);
    await live.emit('ping');
    expect(live.pushes.all).toEqual([]);
    await live.register(bob);
    await rest.send(threadId, 'three');
    await live.pushes.take(({ event }) => event['messageBody'] === 'three');
    expect(live.pushes.all.map(({ event }) => event.eventId)).toEqual([257, 200, 200, 200]);
    expect(live.texts()).toEqual(['one', 'two', 'three']);
  });

  it('R34: a client that moves to another connection gets nothing twice and misses nothing', async () => {
    using old = await connectLive(server.endpoint, bob);
    const threadId = await rest.createThread([bob]);
    const { registrationId } = old;
    using renewed = await connectLive(server.endpoint, bob, { registrationId, registers: false });
    await rest.send(threadId, 'before');
    await old.event(200, threadId);
    // The answer to the push is on the wire before this.
    await old.emit('ping');
    await renewed.register(bob);
    await rest.send(threadId, 'after');
    await renewed.event(200, threadId);
    expect([old.texts(), renewed.texts()]).toEqual([['before'], ['after']]);
  });

  it('R45: nothing is pushed to who does not take part', async () => {
    const carol = await newUser(server);
    using live = await connectLive(server.endpoint, carol);
    const threadId = await rest.createThread([bob]);
    await rest.send(threadId, 'Private');
    await settle(live, carol);
    expect(live.pushes.all.map(({ event }) => event.eventId)).toEqual([257]);
  });

  it('R45: the removed one hears of the removal and of nothing after it', async () => {
    const carol = await newUser(server);
    using live = await connectLive(server.endpoint, carol);
    const threadId = await rest.createThread([carol, bob]);
    await rest.send(threadId, 'Before');
    await rest.remove(threadId, carol);
    await rest.send(threadId, 'After');
    await rest.add(threadId, [await newUser(server)]);
    await settle(live, carol);
    expect(live.pushes.all.map(({ event }) => event.eventId)).toEqual([257, 200, 261, 257]);
  });

  it('R45: who was added late gets what comes from then on', async () => {
    const carol = await newUser(server);
    using live = await connectLive(server.endpoint, carol);
    const threadId = await rest.createThread([bob]);
    await rest.send(threadId, 'Before');
    await rest.add(threadId, [carol]);
    await rest.send(threadId, 'After');
    await live.event(200, threadId);
    expect(live.texts()).toEqual(['After']);
    expect(live.pushes.all.map(({ event }) => event.eventId)).toEqual([260, 200]);
  });

  it('R34: a refused message is pushed to nobody', async () => {
    using live = await connectLive(server.endpoint, bob);
    const threadId = await rest.createThread([bob]);
    const stranger = new ChatRest(server.endpoint, await newUser(server));
    const answer = await stranger.call('POST', `/chat/threads/${threadId}/messages`, { body: { content: 'Spam' } });
    expect(answer.status).toBe(403);
    await settle(live, bob);
    expect(live.texts()).toEqual([]);
  });

  it('R37: the same registration id moves the pushes to the newest connection', async () => {
    using old = await connectLive(server.endpoint, bob);
    using renewed = await connectLive(server.endpoint, bob, { registrationId: old.registrationId });
    const threadId = await rest.createThread([bob]);
    await rest.send(threadId, 'Hello');
    await renewed.event(200, threadId);
    await old.emit('ping');
    expect(old.pushes.all).toEqual([]);
  });

  it('R45: nobody registers the connection of somebody else', async () => {
    const carol = await newUser(server);
    using live = await connectLive(server.endpoint, carol, { registers: false });
    await live.register(alice);
    const threadId = await rest.createThread([bob, carol]);
    await rest.send(threadId, 'Private');
    await live.emit('ping');
    expect(live.pushes.all).toEqual([]);
  });
});
