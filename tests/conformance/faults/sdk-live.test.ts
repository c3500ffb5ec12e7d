import type { ChatMessageReceivedEvent } from '@azure/communication-chat';
import type { FaultRule } from '@switchboard/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { CHAT_SDK } from '../../lib/chat-sdk.ts';
import { type ChatUser, newUsers } from '../../lib/chat-user.ts';
import { setFaults, strikesOf } from '../../lib/faults.ts';
import { registered, type SdkLive, startSdkLive } from '../../lib/sdk-live.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterEach(() => setFaults(server));
afterAll(() => server.stop());

/** Alice writes, Bob's SDK listens. */
async function newConversation(): Promise<{ alice: ChatRest; bob: ChatUser; threadId: string; live: SdkLive }> {
  const [alice, bob] = (await newUsers(server, 2)) as [ChatUser, ChatUser];
  const rest = new ChatRest(server.endpoint, alice);
  return { alice: rest, bob, threadId: await rest.createThread([bob]), live: await startSdkLive(server, bob) };
}

function strikeBob(bob: ChatUser, live: FaultRule['live'], more: Omit<FaultRule, 'live'> = {}): Promise<void> {
  return setFaults(server, { name: 'fault', match: { user: bob.id }, ...more, ...(live === undefined ? {} : { live }) });
}

/** Moves the timers of the SDK until it calls itself connected again after a break. */
async function reconnected(live: SdkLive, bob: ChatUser): Promise<void> {
  await vi.waitFor(
    async () => {
      // Its pings go out every 40 s and are missed after 5 s; its back-off grows to 50 s.
      await live.advance(4_000);
      expect(live.events.all.map(({ name }) => name)).toContain('realTimeNotificationDisconnected');
      expect(live.events.all.at(-1)?.name).toBe('realTimeNotificationConnected');
    },
    { timeout: 25_000, interval: 200 },
  );
  await registered(server, bob, 2);
}

function textsOf(live: SdkLive): string[] {
  return live.events.all
    .filter(({ name }) => name === 'chatMessageReceived')
    .map(({ payload }) => (payload as ChatMessageReceivedEvent).message);
}

describe('the chat SDK under faults of live push', () => {
  it.each([
    { what: 'cut', live: { dropSocket: 'now' } },
    { what: 'that goes dead without a word', live: { halfOpen: 'now' } },
  ] as const)('R37: notices a connection $what, comes back, and catches up by listing', async ({ live: fault }) => {
    const { alice, bob, threadId, live } = await newConversation();
    await using _ended = live;
    await strikeBob(bob, fault);
    expect(await strikesOf(server)).toEqual({ fault: 1 });
    const missed = await alice.send(threadId, 'while it was gone');
    await reconnected(live, bob);

    await alice.send(threadId, 'afterwards');
    await expect.poll(() => textsOf(live), { timeout: 20_000 }).toContain('afterwards');
    // A client that was quick to come back may have been pushed the other one too.
    expect(textsOf(live).filter((text) => text !== 'while it was gone')).toEqual(['afterwards']);
    const listed = CHAT_SDK.clientOf(server, bob)
      .getChatThreadClient(threadId)
      .listMessages({ startTime: new Date(Number(missed)) });
    const texts = [];
    for await (const { content } of listed) texts.push(content?.message);
    expect(texts).toEqual(['afterwards', 'while it was gone']);
  });

  it('R34: hears a doubled push twice, under one message id', async () => {
    const { alice, bob, threadId, live } = await newConversation();
    await using _ended = live;
    await strikeBob(bob, { duplicatePush: true }, { count: 1 });
    const messageId = await alice.send(threadId, 'twice');
    await alice.send(threadId, 'once');
    const first = await live.event<ChatMessageReceivedEvent>('chatMessageReceived', threadId);
    const second = await live.event<ChatMessageReceivedEvent>('chatMessageReceived', threadId);
    await live.event('chatMessageReceived', threadId);
    expect([first.id, second.id]).toEqual([messageId, messageId]);
    expect(textsOf(live)).toEqual(['twice', 'twice', 'once']);
  });

  it('R34: hears a late push behind the one that followed', async () => {
    const { alice, bob, threadId, live } = await newConversation();
    await using _ended = live;
    await strikeBob(bob, { latePush: { delayMs: 2_000 } }, { count: 1 });
    await alice.send(threadId, 'late');
    await alice.send(threadId, 'in time');
    await live.event('chatMessageReceived', threadId);
    await live.event('chatMessageReceived', threadId);
    expect(textsOf(live)).toEqual(['in time', 'late']);
  });
});
