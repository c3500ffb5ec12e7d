import { revokeTokens } from '../../lib/chat-user.ts';
import { startServer, type TestServer } from '../../lib/server.ts';
import type { Reading, Violation } from './evidence.ts';
import { Ears } from './ears.ts';
import { newWorld, read, storm, violationsIn, type World } from './world.ts';

const SENDS_AT_A_TIME = 250;

export interface Calm {
  readonly violations: readonly Violation[];
  /** Standard error of the server. */
  readonly log: string;
}

/**
 * A storm without any fault, with everybody listening, a reader who pages while it goes on, and one member whose tokens
 * are revoked in the middle: everything the checker looks at, on a server that may carry a bug.
 */
export async function calm(env: Readonly<Record<string, string>> = {}): Promise<Calm> {
  await using server = await startServer({ env, args: ['--revocation-delay', '0s'] });
  const world = await newWorld(server, { members: 4, threads: 2 });
  using ears = new Ears(world);
  await ears.connect(server);
  const sending = storm(server, world);
  await sending.acknowledged(SENDS_AT_A_TIME);
  const earlier = await readWhileSending(server, world);
  const revoked = world.members[0]!;
  const begunAt = world.history.now();
  await revokeTokens(server, revoked);
  world.history.endAccess({ user: revoked.id, threadIds: world.threadIds, begunAt });
  await sending.acknowledged(SENDS_AT_A_TIME);
  await sending.stop();
  await ears.settled();
  return { violations: await violationsIn(server, world, { hearings: ears.hearings(), earlier }), log: server.log };
}

function readWhileSending(server: TestServer, world: World): Promise<Reading[]> {
  const user = world.members.at(-1)!;
  return Promise.all(world.threadIds.map((threadId) => read(server, world, { threadId, user, pageSize: 20 })));
}
