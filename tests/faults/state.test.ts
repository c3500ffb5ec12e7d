import { describe, expect, it } from 'vitest';
import type { ChatRest } from '../lib/chat-rest.ts';
import { newUser } from '../lib/chat-user.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { TemporaryFolder } from '../lib/temporary.ts';
import { randomMoment } from './lib/moments.ts';
import { newWorld, restOf, storm } from './lib/world.ts';

const KILLS = 8;
const RESETS = 5;
const MESSAGES = 300;

async function sendMany(rest: ChatRest, threadId: string, text: string): Promise<void> {
  await Promise.all(Array.from({ length: MESSAGES }, (_, i) => rest.send(threadId, `${text} ${i}`)));
}

/** Texts of a thread, by what they begin with. */
async function countsOf(rest: ChatRest, threadId: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { content } of await rest.messages(threadId)) {
    const word = content?.message?.split(' ')[0];
    if (word !== undefined) counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

describe('a server killed while it restores a snapshot', () => {
  it('R47: holds the state before or the state that was saved, and nothing between', async () => {
    using folder = new TemporaryFolder();
    let server = await startServer({ data: folder.path });
    try {
      const user = await newUser(server);
      const threadId = await restOf(server, user).createThread();
      await sendMany(restOf(server, user), threadId, 'saved');
      expect((await server.admin('POST', '/admin/snapshots', { name: 'saved' })).status).toBe(201);
      for (let kill = 1; kill <= KILLS; kill += 1) {
        await sendMany(restOf(server, user), threadId, 'later');
        const before = await countsOf(restOf(server, user), threadId);
        const restoring = server.admin('POST', '/admin/snapshots/saved:restore').catch(() => undefined);
        await randomMoment();
        await server.kill();
        await restoring;
        server = await startServer({ data: folder.path });
        expect([before, { saved: MESSAGES }], `after kill ${kill}`).toContainEqual(await countsOf(restOf(server, user), threadId));
      }
      expect((await server.admin('POST', '/admin/snapshots/saved:restore')).status).toBe(200);
      expect(await countsOf(restOf(server, user), threadId)).toEqual({ saved: MESSAGES });
    } finally {
      await server.stop();
    }
  });
});

describe('a server that is reset in a storm', () => {
  it('answers every send before it or refuses it, and keeps nothing of the old state', async () => {
    await using server = await startServer();
    for (let round = 1; round <= RESETS; round += 1) {
      const world = await newWorld(server, { members: 4, threads: 2 });
      const sending = storm(server, world, { maxSends: 3_000 });
      await sending.acknowledged(50);
      expect((await server.admin('POST', '/admin/reset')).status).toBe(204);
      await sending.refused(20);
      await sending.stop();
      const statuses = new Set(sending.refusals.map(({ status }) => status));
      expect(
        [...statuses].filter((status) => status !== 401 && status !== 503),
        `after reset ${round}`,
      ).toEqual([]);
      await expectEmpty(server);
    }
  });
});

/** A new thread holds what its creation put there, and no list knows of another. */
async function expectEmpty(server: TestServer): Promise<void> {
  const rest = restOf(server, await newUser(server));
  const threadId = await rest.createThread();
  expect((await rest.threads()).map(({ id }) => id)).toEqual([threadId]);
  expect(await countsOf(rest, threadId)).toEqual({});
  const { body } = await server.admin<{ value: readonly { readonly id: string }[] }>('GET', '/admin/chat/threads');
  expect(body.value.map(({ id }) => id)).toEqual([threadId]);
}
