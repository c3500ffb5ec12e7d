import { describe, expect, it } from 'vitest';
import type { ChatRest } from '../lib/chat-rest.ts';
import { newUser } from '../lib/chat-user.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { TemporaryFolder } from '../lib/temporary.ts';
import { lookAtBacklog, pendingWork, plantBacklog } from './lib/backlog.ts';
import { restOf } from './lib/world.ts';

const MANY = 100_000;
const SOME = 3_000;
const DONE = { pending: 0, threads: 0, forgotten: 0 };

/** A data folder with a thread that lives and as many pieces of work that fell due while no server ran. */
async function folderWithBacklog(folder: string, count: number) {
  await using server = await startServer({ data: folder });
  const user = await newUser(server);
  const threadId = await restOf(server, user).createThread();
  await restOf(server, user).send(threadId, 'kept');
  await server.stop();
  plantBacklog(folder, count);
  return { restOn: (next: TestServer) => restOf(next, user), threadId };
}

async function textsOf(rest: ChatRest, threadId: string): Promise<(string | undefined)[]> {
  return (await rest.messages(threadId)).flatMap(({ type, content }) => (type === 'text' ? [content?.message] : []));
}

describe('a server that starts with work that is due', () => {
  it('R47: is ready with 100,000 pieces pending, serves while it does them, and loses none of them to kills', async () => {
    using folder = new TemporaryFolder();
    const { restOn, threadId } = await folderWithBacklog(folder.path, MANY);
    let server = await startServer({ data: folder.path });
    try {
      for (const partDone of [0.1, 0.3]) {
        expect(pendingWork(folder.path)).toBeGreaterThan(0);
        await restOn(server).send(threadId, `sent with ${partDone} done`);
        expect(pendingWork(folder.path)).toBeGreaterThan(0);
        await expect.poll(() => pendingWork(folder.path), { timeout: 120_000, interval: 500 }).toBeLessThan(MANY * (1 - partDone));
        await server.kill();
        const { pending, forgotten } = lookAtBacklog(folder.path);
        expect(pending, 'the kill came in the middle').toBeGreaterThan(0);
        expect(forgotten).toBe(0);
        server = await startServer({ data: folder.path });
      }
      await expect.poll(() => pendingWork(folder.path), { timeout: 120_000, interval: 500 }).toBe(0);
      expect(lookAtBacklog(folder.path)).toEqual(DONE);
      expect(await textsOf(restOn(server), threadId)).toEqual(['sent with 0.3 done', 'sent with 0.1 done', 'kept']);
      expect(server.log).not.toContain('due work');
    } finally {
      await server.stop();
    }
  });

  it('R45: has done it all when an advance of its virtual clock returns', async () => {
    using folder = new TemporaryFolder();
    await folderWithBacklog(folder.path, SOME);
    await using server = await startServer({ data: folder.path, args: ['--clock', 'virtual'] });
    expect((await server.admin('POST', '/admin/clock:advance', { by: 'PT1S' })).status).toBe(200);
    expect(lookAtBacklog(folder.path)).toEqual(DONE);
  });

  it('is reset and restored in the middle of it, and does what the restored state asks for', async () => {
    using folder = new TemporaryFolder();
    const { restOn, threadId } = await folderWithBacklog(folder.path, SOME);
    await using server = await startServer({ data: folder.path });
    expect((await server.admin('POST', '/admin/snapshots', { name: 'in-the-middle' })).status).toBe(201);
    expect((await server.admin('POST', '/admin/reset')).status).toBe(204);
    expect(lookAtBacklog(folder.path)).toEqual(DONE);
    expect((await server.admin('POST', '/admin/snapshots/in-the-middle:restore')).status).toBe(200);
    await expect.poll(() => pendingWork(folder.path), { timeout: 60_000 }).toBe(0);
    expect(lookAtBacklog(folder.path)).toEqual(DONE);
    expect(await textsOf(restOn(server), threadId)).toEqual(['kept']);
    expect(server.log).not.toContain('due work');
  });
});
