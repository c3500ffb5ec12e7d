import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestPostgres } from '../lib/postgres.ts';
import { startServer, type TestServer } from '../lib/server.ts';
import { TemporaryFolder } from '../lib/temporary.ts';
import { Ears } from './lib/ears.ts';
import { EventWitness } from './lib/event-witness.ts';
import { between, randomMoment } from './lib/moments.ts';
import { newWorld, restOf, storm, violationsIn, type World } from './lib/world.ts';

const SERVER_KILLS = 3;
const DATABASE_KILLS = 3;
/** Sends that may be refused while the database is away, before the test gives up on it. */
const MAX_REFUSED = 5_000;

let postgres: TestPostgres;
/** Holds the master key of what is in the database. */
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = new TemporaryFolder();
  postgres = await TestPostgres.start();
});

afterAll(async () => {
  await postgres.stop();
  folder[Symbol.dispose]();
});

describe('a storm on PostgreSQL', () => {
  it('R47: a killed server loses nothing that was acknowledged, and its successor takes over at once', async () => {
    let server = await startOnPostgres();
    try {
      const world = await newWorld(server, { members: 4, threads: 2 });
      using ears = new Ears(world);
      for (let round = 1; round <= SERVER_KILLS; round += 1) {
        await ears.connect(server);
        const sending = storm(server, world);
        await sending.acknowledged(between(30, 150));
        await randomMoment();
        await server.kill();
        await sending.over();
        server = await startOnPostgres();
        await ears.resume(server);
        const found = await violationsIn(server, world, { hearings: ears.hearings() });
        expect(found.slice(0, 5), `after kill ${round}`).toEqual([]);
      }
    } finally {
      await server.stop();
    }
  });

  it('R47, R105: a killed database costs nothing acknowledged, and sends and events go on without a restart of the server', async () => {
    await using server = await startOnPostgres();
    const world = await newWorld(server, { members: 4, threads: 2 });
    await using witness = await EventWitness.open(server);
    using ears = new Ears(world);
    await ears.connect(server);
    for (let round = 1; round <= DATABASE_KILLS; round += 1) {
      await killDatabaseInStorm(server, world, witness);
      await ears.settled();
      const found = await violationsIn(server, world, { hearings: ears.hearings() });
      expect(found.slice(0, 5), `after kill ${round} of the database`).toEqual([]);
    }
    expect((await restOf(server, world.members[0]!).threads()).length).toBe(world.threadIds.length);
    expect(await witness.violations(server, world)).toEqual({ missing: [], unfounded: [], repeated: [] });
  });
});

function startOnPostgres(): Promise<TestServer> {
  return startServer({ data: folder.path, args: ['--database', postgres.url()] });
}

/** Ends when sends are acknowledged again. */
async function killDatabaseInStorm(server: TestServer, world: World, witness: EventWitness): Promise<void> {
  const sending = storm(server, world, { maxSends: MAX_REFUSED });
  await sending.acknowledged(between(30, 150));
  const answerEvents = await witness.hang();
  await randomMoment();
  await postgres.kill();
  // What became of these events cannot be noted.
  answerEvents();
  await sending.refused(20);
  await postgres.restart();
  await sending.acknowledged(50);
  await sending.stop();
  const refusals = sending.refusals.map(({ status, code, retryAfter }) => `${status} ${code} ${retryAfter}`);
  expect(new Set(refusals)).toEqual(new Set(['503 ServiceUnavailable 5']));
}
