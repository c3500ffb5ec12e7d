import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChatScene, openThread } from '../lib/browser-chat-scene.ts';
import type { ChatPageUser } from '../lib/browser-chat-user.ts';
import { TcpProxy } from '../lib/browser-tcp-proxy.ts';
import { startServer } from '../lib/server.ts';

describe('the stock chat client in the browser', () => {
  it('R35 R37: tells of a dropped socket, connects again by itself, and receives what is sent from then on', async () => {
    await using server = await startServer();
    await using proxy = await TcpProxy.start(portOf(server.endpoint));
    await using scene = await ChatScene.open(server);
    const alice = await scene.join('Alice');
    const bob = await scene.join('Bob', { endpoint: `https://localhost:${proxy.port}/` });
    const threadId = await openThread('Lunch', alice, bob);
    await alice.thread(threadId, 'sendMessage', { content: 'before' });
    expect(await bob.next('chatMessageReceived')).toMatchObject({ message: 'before' });

    for (const round of ['first', 'second']) {
      proxy.cut();
      await bob.next('realTimeNotificationDisconnected');
      await bob.next('realTimeNotificationConnected');
      await alice.thread(threadId, 'sendMessage', { content: `after the ${round} cut` });
      expect(await bob.next('chatMessageReceived')).toMatchObject({ message: `after the ${round} cut` });
    }
    expect(messagesOf(bob)).toEqual(['before', 'after the first cut', 'after the second cut']);
    expect(namesOf(alice)).not.toContain('realTimeNotificationDisconnected');
    expect(scene.chat.errors).toEqual([]);
  });

  it.each(['stopped', 'killed'] as const)(
    'R35 R47: connects again to a server that was %s and restarted, and receives what is sent then, once each and in order',
    async (way) => {
      const data = mkdtempSync(join(tmpdir(), 'switchboard-test-'));
      try {
        const first = await startServer({ data });
        await using scene = await ChatScene.open(first);
        const [alice, bob] = [await scene.join('Alice'), await scene.join('Bob')];
        const threadId = await openThread('Lunch', alice, bob);
        await alice.thread(threadId, 'sendMessage', { content: 'before' });
        await Promise.all([alice, bob].map((user) => user.next('chatMessageReceived')));

        await (way === 'stopped' ? first.stop() : first.kill());
        await Promise.all([alice, bob].map((user) => user.next('realTimeNotificationDisconnected')));
        await using _second = await startServer({ data, port: portOf(first.endpoint), httpPort: portOf(first.ready.httpEndpoint) });
        await Promise.all([alice, bob].map((user) => user.next('realTimeNotificationConnected')));
        for (const content of ['one', 'two', 'three']) await alice.thread(threadId, 'sendMessage', { content });
        for (const user of [alice, bob]) {
          for (const message of ['one', 'two', 'three']) expect(await user.next('chatMessageReceived')).toMatchObject({ message });
        }
        await bob.thread(threadId, 'sendMessage', { content: 'last' });
        await Promise.all([alice, bob].map((user) => user.next('chatMessageReceived')));
        for (const user of [alice, bob]) expect(messagesOf(user)).toEqual(['before', 'one', 'two', 'three', 'last']);
      } finally {
        rmSync(data, { recursive: true, force: true });
      }
    },
  );
});

function portOf(endpoint: string): number {
  return Number(new URL(endpoint).port);
}

function namesOf(user: ChatPageUser): readonly string[] {
  return user.received.map(({ name }) => name);
}

function messagesOf(user: ChatPageUser): readonly unknown[] {
  return user.received.filter(({ name }) => name === 'chatMessageReceived').map(({ payload }) => payload.message);
}
