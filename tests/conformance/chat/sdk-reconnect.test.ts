import type { ChatMessageReceivedEvent } from '@azure/communication-chat';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest } from '../../lib/chat-rest.ts';
import { freshToken, newUser } from '../../lib/chat-user.ts';
import { type SdkLive, startSdkLive } from '../../lib/sdk-live.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

/** Shorter than the five seconds in which the SDK wants its pings answered. */
const STEP_MS = 4_000;
const MINUTE_MS = 60_000;

/** Steps the clocks of server and client together; a message crosses at every step, so that no silence ends the connection. */
async function stepTogether(parts: {
  readonly server: TestServer;
  readonly live: SdkLive;
  readonly byMs: number;
  readonly onStep: (step: number) => Promise<unknown>;
}): Promise<void> {
  for (let step = 0; step * STEP_MS < parts.byMs; step++) {
    await Promise.all([parts.live.advance(STEP_MS), parts.server.admin('POST', '/admin/clock:advance', { by: '4s' })]);
    await parts.onStep(step);
  }
}

describe('the chat SDK', () => {
  it('R37 R18: reconnects by itself to a restarted server, and receives again', async () => {
    using folder = new TemporaryFolder();
    const first = await startServer({ data: folder.path });
    const user = await newUser(first);
    await using live = await startSdkLive(first, { token: user.token });
    const threadId = await new ChatRest(first.endpoint, user).createThread();
    await first.stop();
    await live.connection('realTimeNotificationDisconnected');
    await using second = await startServer({ data: folder.path, port: Number(new URL(first.endpoint).port) });
    // Its back-off between attempts is up to 50 s.
    await live.connection('realTimeNotificationConnected', 55_000);
    await new ChatRest(second.endpoint, user).send(threadId, 'Back');
    expect(await live.event<ChatMessageReceivedEvent>('chatMessageReceived', threadId)).toMatchObject({ threadId, message: 'Back' });
  });

  it('R37: reconnects after a crash of the server', async () => {
    using folder = new TemporaryFolder();
    const first = await startServer({ data: folder.path });
    const user = await newUser(first);
    await using live = await startSdkLive(first, { token: user.token });
    await first.kill();
    await live.connection('realTimeNotificationDisconnected');
    await using _second = await startServer({ data: folder.path, port: Number(new URL(first.endpoint).port) });
    await live.connection('realTimeNotificationConnected', 55_000);
  });
});

describe('the chat SDK and the end of its token', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ args: ['--clock', 'virtual'] });
  });

  afterAll(() => server.stop());

  it('R23: refreshed ten minutes before the expiry, it crosses it without a break or a missed message', async () => {
    const user = await newUser(server, { expiresInMinutes: 15 });
    const writer = new ChatRest(server.endpoint, await newUser(server));
    const threadId = await writer.createThread([user]);
    await using live = await startSdkLive(server, {
      token: user.token,
      refreshesProactively: true,
      refresher: async () => (await freshToken(server, user)).token,
    });
    const sent: string[] = [];
    const exchange = async (step: number): Promise<void> => {
      sent.push(`Step ${step}`);
      await writer.send(threadId, `Step ${step}`);
      await live.event('chatMessageReceived', threadId);
    };
    await stepTogether({ server, live, byMs: 4.5 * MINUTE_MS, onStep: exchange });
    expect(live.asked).toBe(0);
    await stepTogether({ server, live, byMs: MINUTE_MS, onStep: exchange });
    expect(live.asked).toBe(1);
    await stepTogether({ server, live, byMs: 11 * MINUTE_MS, onStep: exchange });

    expect((await writer.call('GET', '/chat/threads')).status).toBe(200);
    expect((await new ChatRest(server.endpoint, user).call('GET', '/chat/threads')).status).toBe(401);
    const received = live.events.all.filter(({ name }) => name === 'chatMessageReceived');
    expect(received.map(({ payload }) => (payload as ChatMessageReceivedEvent).message)).toEqual(sent);
    expect(live.events.all.map(({ name }) => name)).not.toContain('realTimeNotificationDisconnected');
  });

  it('R18: cut at the expiry, it asks for a fresh token and comes back with it', async () => {
    const user = await newUser(server, { expiresInMinutes: 5 });
    const writer = new ChatRest(server.endpoint, await newUser(server));
    const threadId = await writer.createThread([user]);
    await using live = await startSdkLive(server, { token: user.token, refresher: async () => (await freshToken(server, user)).token });
    await live.advance(5 * MINUTE_MS);
    await server.admin('POST', '/admin/clock:advance', { by: '5m' });
    await live.connection('realTimeNotificationDisconnected');
    await live.connection('realTimeNotificationConnected', 55_000);
    expect(live.asked).toBe(1);
    await writer.send(threadId, 'Back');
    expect(await live.event<ChatMessageReceivedEvent>('chatMessageReceived', threadId)).toMatchObject({ message: 'Back' });
  });
});
