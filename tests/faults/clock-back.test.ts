import { describe, expect, it } from 'vitest';
import { threadPath } from '../lib/chat-rest.ts';
import { freshToken, newUser } from '../lib/chat-user.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { Ears } from './lib/ears.ts';
import { newWorld, restOf, storm, violationsIn } from './lib/world.ts';

const DAY_MS = 86_400_000;
const SENDS = 100;

async function setClock(server: TestServer, byMs: number): Promise<void> {
  const { body } = await server.admin<{ now: string }>('GET', '/admin/clock');
  const to = new Date(Date.parse(body.now) + byMs).toISOString();
  expect((await server.admin('POST', '/admin/clock:set', { to })).status).toBe(200);
}

describe('a clock that is set back', () => {
  it.each([-1, -3_600_000, -400 * DAY_MS])('R39: by %d ms leaves ids and sequence rising, and everything working', async (byMs) => {
    await using server = await startServer({ args: ['--clock', 'virtual'] });
    const world = await newWorld(server, { members: 3, threads: 2 });
    using ears = new Ears(world);
    await ears.connect(server);
    await storm(server, world, { maxSends: SENDS }).over();
    const sending = storm(server, world);
    await sending.acknowledged(SENDS);
    await setClock(server, byMs);
    await sending.acknowledged(SENDS);
    await sending.stop();
    expect(sending.refusals).toEqual([]);
    await ears.settled();
    expect((await violationsIn(server, world, { hearings: ears.hearings() })).slice(0, 5)).toEqual([]);
  });

  it('R46: lets versions rise with each edit, whatever the clock says', async () => {
    await using server = await startServer({ args: ['--clock', 'virtual'] });
    const { members, threadIds } = await newWorld(server, { members: 2, threads: 1 });
    const rest = restOf(server, members[0]!);
    const threadId = threadIds[0]!;
    const id = await rest.send(threadId, 'first');
    const versions: number[] = [Number((await rest.message(threadId, id)).version)];
    for (const byMs of [-DAY_MS, 0, 60_000, -60_000]) {
      await setClock(server, byMs);
      expect((await rest.call('PATCH', `${threadPath(threadId)}/messages/${id}`, { body: { content: `after ${byMs}` } })).status).toBe(204);
      versions.push(Number((await rest.message(threadId, id)).version));
    }
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });

  it('R11: issues tokens that work, and keeps those issued before', async () => {
    await using server = await startServer({ args: ['--clock', 'virtual'] });
    const user = await newUser(server);
    await setClock(server, -DAY_MS);
    const later = [user, await freshToken(server, user), await newUser(server)];
    for (const each of later) expect((await restOf(server, each).call('GET', '/chat/threads')).status).toBe(200);
    // A token ends by the clock: what was issued a day back lives a day from there, what was issued before two.
    await setClock(server, DAY_MS + 1_000);
    const statuses = await Promise.all(later.map(async (each) => (await restOf(server, each).call('GET', '/chat/threads')).status));
    expect(statuses).toEqual([200, 401, 401]);
  });
});
