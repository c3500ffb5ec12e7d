import type { ChatMessageReceivedEvent } from '@azure/communication-chat';
import { describe, expect, it, vi } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, freshToken, newUser } from '../../lib/chat-user.ts';
import { registered, type SdkLive, startSdkLive } from '../../lib/sdk-live.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

/** Shorter than the five seconds in which the SDK wants its pings answered. */
const STEP_MS = 4_000;
const MINUTE_MS = 60_000;

/** Alice writes, Bob's SDK listens. */
class Conversation {
  readonly #writer: ChatRest;
  readonly #live: SdkLive;
  readonly #threadId: string;
  readonly sent: string[] = [];

  private constructor(parts: { readonly writer: ChatRest; readonly live: SdkLive; readonly threadId: string }) {
    this.#writer = parts.writer;
    this.#live = parts.live;
    this.#threadId = parts.threadId;
  }

  static async begin(server: TestServer, bob: ChatUser, live: SdkLive): Promise<Conversation> {
    const writer = new ChatRest(server.endpoint, await newUser(server));
    return new Conversation({ writer, live, threadId: await writer.createThread([bob]) });
  }

  async exchange(): Promise<void> {
    const content = `Message ${this.sent.length}`;
    this.sent.push(content);
    await this.#writer.send(this.#threadId, content);
    const event = await this.#live.event<ChatMessageReceivedEvent>('chatMessageReceived', this.#threadId);
    expect(event.message).toBe(content);
  }

  received(): string[] {
    return this.#live.events.all
      .filter(({ name }) => name === 'chatMessageReceived')
      .map(({ payload }) => (payload as ChatMessageReceivedEvent).message);
  }
}

describe('the chat SDK and a server that goes and comes back', () => {
  it.each(['stop', 'kill'] as const)('R37 R18: reconnects by itself after a %s, and receives again', async (end) => {
    using folder = new TemporaryFolder();
    const first = await startServer({ data: folder.path });
    const bob = await newUser(first);
    await using live = await startSdkLive(first, bob);
    await first[end]();
    await live.connection('realTimeNotificationDisconnected');
    await using second = await startServer({ data: folder.path, port: Number(new URL(first.endpoint).port) });
    await vi.waitFor(
      async () => {
        // Its back-off grows to 50 s.
        await live.advance(5_000);
        expect(live.events.all.at(-1)?.name).toBe('realTimeNotificationConnected');
      },
      { timeout: 30_000, interval: 500 },
    );
    await registered(second, bob);
    await (await Conversation.begin(second, bob, live)).exchange();
  });
});

/** Steps the clocks of server and client together. They begin as one: the virtual clock begins at the real time. */
async function step(server: TestServer, live: SdkLive, byMs: number): Promise<void> {
  await live.advance(byMs);
  await server.admin('POST', '/admin/clock:advance', { by: `${byMs}ms` });
}

describe('the chat SDK and the end of its token', () => {
  it('R23: refreshed ten minutes before the expiry, it crosses it without a break or a missed message', async () => {
    await using server = await startServer({ args: ['--clock', 'virtual'] });
    const bob = await newUser(server, { expiresInMinutes: 15 });
    const refresher = async (): Promise<string> => (await freshToken(server, bob)).token;
    await using live = await startSdkLive(server, bob, { refreshesProactively: true, refresher });
    const conversation = await Conversation.begin(server, bob, live);
    // A message crosses at every step, so that no silence ends the connection.
    const pass = async (minutes: number): Promise<void> => {
      for (let passedMs = 0; passedMs < minutes * MINUTE_MS; passedMs += STEP_MS) {
        await step(server, live, STEP_MS);
        await conversation.exchange();
      }
    };
    await pass(4.5);
    expect(live.asked).toBe(0);
    await pass(1);
    expect(live.asked).toBe(1);
    await pass(11);

    expect((await new ChatRest(server.endpoint, bob).call('GET', '/chat/threads')).status).toBe(401);
    expect(conversation.received()).toEqual(conversation.sent);
    expect(live.events.all.map(({ name }) => name)).not.toContain('realTimeNotificationDisconnected');
  });

  it('R18: cut at the expiry, it asks for a fresh token and comes back with it', async () => {
    await using server = await startServer({ args: ['--clock', 'virtual'] });
    const bob = await newUser(server, { expiresInMinutes: 5 });
    await using live = await startSdkLive(server, bob, { refresher: async () => (await freshToken(server, bob)).token });
    await step(server, live, 5 * MINUTE_MS);
    await live.connection('realTimeNotificationDisconnected');
    await live.connection('realTimeNotificationConnected');
    await registered(server, bob, 2);
    expect(live.asked).toBe(1);
    await (await Conversation.begin(server, bob, live)).exchange();
  });
});
