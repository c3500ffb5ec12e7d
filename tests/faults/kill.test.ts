import type { ChatThreadItem } from '@switchboard/contract';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CreatedThreadBody } from '../lib/chat-rest.ts';
import type { ChatUser } from '../lib/chat-user.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { TemporaryFolder } from '../lib/temporary.ts';
import { Ears } from './lib/ears.ts';
import { between, randomMoment } from './lib/moments.ts';
import { newWorld, restOf, storm, violationsIn, type World } from './lib/world.ts';

const ROUNDS = 20;

describe('a server killed in a storm', () => {
  it('R47: has every acknowledged message once and in order, 20 times over, and no thread twice', async () => {
    using folder = new TemporaryFolder();
    let server = await startServer({ data: folder.path });
    try {
      const world = await newWorld(server, { members: 4, threads: 2 });
      using ears = new Ears(world);
      const creations = new Map<string, string | undefined>();
      for (let round = 1; round <= ROUNDS; round += 1) {
        await ears.connect(server);
        await stormUntilKilled(server, world, creations);
        server = await startServer({ data: folder.path });
        await ears.resume(server);
        expect(await violationsIn(server, world, { hearings: ears.hearings() }), `after kill ${round}`).toEqual([]);
      }
      expect(world.history.count('ok')).toBeGreaterThan(ROUNDS * 50);
      expect(await repeatedCreations(server, world.members[0]!, creations)).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});

/** Sends and creates threads until the server is killed at some moment in the middle of it. */
async function stormUntilKilled(server: TestServer, world: World, creations: Map<string, string | undefined>): Promise<void> {
  const sending = storm(server, world);
  const creating = createUntilBroken(server, world.members[0]!, creations);
  await sending.acknowledged(between(30, 150));
  await randomMoment();
  await server.kill();
  await Promise.all([sending.over(), creating]);
}

/**
 * Creates one thread after the other, and remembers the last two: one was answered, one was under way.
 *
 * @param creations request id → thread, undefined where no answer came
 */
async function createUntilBroken(server: TestServer, user: ChatUser, creations: Map<string, string | undefined>): Promise<void> {
  let last: { readonly requestId: string; readonly threadId: string } | undefined;
  for (;;) {
    const requestId = randomUUID();
    try {
      last = { requestId, threadId: await createOnce(server, user, requestId) };
    } catch {
      creations.set(requestId, undefined);
      if (last !== undefined) creations.set(last.requestId, last.threadId);
      return;
    }
  }
}

async function createOnce(server: TestServer, user: ChatUser, requestId: string): Promise<string> {
  const { status, body } = await restOf(server, user).call<CreatedThreadBody>('POST', '/chat/threads', {
    body: { topic: requestId, participants: [] },
    headers: { 'repeatability-request-id': requestId, 'repeatability-first-sent': new Date().toUTCString() },
  });
  if (status !== 201) throw new Error(`a creation was answered ${status}`);
  return body.chatThread.id;
}

/** Repeats every creation twice. @returns what is wrong: another thread than before, or more than one thread */
async function repeatedCreations(
  server: TestServer,
  user: ChatUser,
  creations: ReadonlyMap<string, string | undefined>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const [requestId, first] of creations) {
    const again = [await createOnce(server, user, requestId), await createOnce(server, user, requestId)];
    if (new Set([...again, first ?? again[0]]).size > 1) wrong.push(`${requestId}: first ${first}, then ${again.join(', ')}`);
  }
  const topics = (await restOf(server, user).pages<ChatThreadItem>('/chat/threads')).flat().map(({ topic }) => topic);
  for (const requestId of creations.keys()) {
    const count = topics.filter((topic) => topic === requestId).length;
    if (count !== 1) wrong.push(`${requestId}: ${count} threads`);
  }
  return wrong;
}
