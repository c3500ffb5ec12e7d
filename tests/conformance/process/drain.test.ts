import { cpSync } from 'node:fs';
import type { ChatMessageReceivedEvent } from '@azure/communication-chat';
import { describe, expect, it, vi } from 'vitest';
import { TcpProxy } from '../../lib/browser-tcp-proxy.ts';
import { ChatRest } from '../../lib/chat-rest.ts';
import { type ChatUser, newUsers } from '../../lib/chat-user.ts';
import { allocate, connectLive } from '../../lib/live-client.ts';
import { connectPolling } from '../../lib/polling-client.ts';
import { registered, startSdkLive } from '../../lib/sdk-live.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import { TemporaryFolder } from '../../lib/temporary.ts';

const RECONNECT = '5:::{"name":"trouter.reconnect","args":[{"target":"self"}]}';

async function isReady({ ready }: TestServer): Promise<boolean> {
  return (await fetch(new URL('/ready', ready.httpEndpoint))).status === 200;
}

function portOf({ endpoint }: TestServer): number {
  return Number(new URL(endpoint).port);
}

describe('a server that drains', () => {
  it('R47 R48: asks its live clients to move, serves them meanwhile, takes no new ones, then tells them that it goes', async () => {
    const server = await startServer({ args: ['--drain-time', '4s'] });
    const [alice, bob] = (await newUsers(server, 2)) as [ChatUser, ChatUser];
    const rest = new ChatRest(server.endpoint, alice);
    const threadId = await rest.createThread([bob]);
    const socket = await connectLive(server.endpoint, bob);
    const polling = await connectPolling(server.endpoint, bob);
    const polled = polling.run();

    const stopped = server.stop();
    await Promise.all([socket, polling].map(({ packets }) => packets.take((packet) => packet === RECONNECT)));
    expect(await isReady(server)).toBe(false);
    await expect(allocate(server.endpoint, bob)).rejects.toThrow('answered 503');
    await rest.send(threadId, 'late');
    for (const client of [socket, polling]) expect(await client.event(200, threadId)).toMatchObject({ messageBody: 'late' });

    expect((await polled).packets.at(-1)).toBe('0::');
    expect(await socket.closed).toMatchObject({ code: 1001 });
    expect(socket.packets.all.at(-1)).toBe('0::');
    expect(await stopped).toBe(0);
  });

  it('R47: stops at once when nobody is there, or when it is not to drain', async () => {
    const empty = await startServer({ args: ['--drain-time', '10m'] });
    expect(await empty.stop()).toBe(0);
    const server = await startServer();
    const [bob] = await newUsers(server, 1);
    const live = await connectLive(server.endpoint, bob!);
    expect(await server.stop()).toBe(0);
    expect(live.packets.all).not.toContain(RECONNECT);
  });

  it('R48: behind a balancer the chat SDK moves to another node without a gap', async () => {
    using one = new TemporaryFolder();
    using two = new TemporaryFolder();
    const seed = await startServer({ data: one.path });
    const [alice, bob] = (await newUsers(seed, 2)) as [ChatUser, ChatUser];
    const threadId = await new ChatRest(seed.endpoint, alice).createThread([bob]);
    await seed.stop();
    cpSync(one.path, two.path, { recursive: true });

    const old = await startServer({ data: one.path, args: ['--drain-time', '8s'] });
    await using next = await startServer({ data: two.path });
    await using balancer = await TcpProxy.start(portOf(old));
    await using live = await startSdkLive(old, bob, { endpoint: `https://localhost:${balancer.port}/` });
    const stopped = old.stop();
    await vi.waitFor(async () => expect(await isReady(old)).toBe(false));
    balancer.targetPort = portOf(next);

    await new ChatRest(old.endpoint, alice).send(threadId, 'on the old node');
    await registered(next, bob);
    await new ChatRest(next.endpoint, alice).send(threadId, 'on the next node');
    for (const message of ['on the old node', 'on the next node']) {
      expect(await live.event<ChatMessageReceivedEvent>('chatMessageReceived', threadId)).toMatchObject({ message });
    }
    expect(await stopped).toBe(0);
    await new ChatRest(next.endpoint, alice).send(threadId, 'after');
    expect(await live.event<ChatMessageReceivedEvent>('chatMessageReceived', threadId)).toMatchObject({ message: 'after' });
    expect(live.events.all.map(({ name }) => name)).not.toContain('realTimeNotificationDisconnected');
  });
});
