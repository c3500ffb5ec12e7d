import { describe, expect, it } from 'vitest';
import { ChatScene, openThread } from '../lib/browser-chat-scene.ts';
import { startServer } from '../lib/server.ts';

const MINUTE_MS = 60_000;
const TOKEN_MINUTES = 10;

describe('a live connection whose token expires', () => {
  it('R18 R23: is closed; a client with a refresher comes back with a fresh token, one without stays out', async () => {
    await using server = await startServer({ args: ['--clock', 'virtual'] });
    await using scene = await ChatScene.open(server);
    const { clock } = scene.chat.page;
    const watcher = await scene.join('Watcher', { tokenMinutes: 60 });
    const refreshing = await scene.join('Refreshing', { tokenMinutes: TOKEN_MINUTES, refreshes: true });
    const stuck = await scene.join('Stuck', { tokenMinutes: TOKEN_MINUTES });
    const threadId = await openThread('Lunch', watcher, refreshing, stuck);

    await server.admin('POST', '/admin/clock:advance', { by: `PT${TOKEN_MINUTES - 2}M` });
    await watcher.thread(threadId, 'sendMessage', { content: 'within' });
    for (const user of [refreshing, stuck]) expect(await user.next('chatMessageReceived')).toMatchObject({ message: 'within' });

    // The credential judges by the browser's clock, the server by its own; both move past the expiry.
    await clock.setSystemTime(Date.now() + TOKEN_MINUTES * MINUTE_MS);
    await server.admin('POST', '/admin/clock:advance', { by: 'PT2M' });
    await Promise.all([refreshing, stuck].map((user) => user.next('realTimeNotificationDisconnected')));

    // It connects again more than once: asked to renew, closed, and with the fresh token. What counts is that it is back.
    const isBack = async (): Promise<boolean> => {
      await watcher.thread(threadId, 'sendMessage', { content: 'after' });
      return refreshing.received.some(({ name, payload }) => name === 'chatMessageReceived' && payload['message'] === 'after');
    };
    await expect.poll(isBack, { timeout: 60_000, interval: 1_000 }).toBe(true);
    await expect(stuck.thread(threadId, 'sendMessage', { content: 'refused' })).rejects.toThrow();
    const told = stuck.received.filter(({ name }) => name === 'chatMessageReceived');
    expect(told).toHaveLength(1);
    expect(stuck.received.at(-1)?.name).toBe('realTimeNotificationDisconnected');
    expect(watcher.received.map(({ name }) => name)).not.toContain('realTimeNotificationDisconnected');
  });
});
