import { describe, expect, it } from 'vitest';
import { startServer } from '../lib/server.ts';
import { TemporaryFolder } from '../lib/temporary.ts';
import { between, randomMoment } from './lib/moments.ts';
import { newWorld, storm, violationsIn } from './lib/world.ts';

const ROUNDS = 5;

describe('a server told to stop in a storm', () => {
  it('R47: answers everything that it stored, stores everything that it answered, and exits with 0, 5 times over', async () => {
    using folder = new TemporaryFolder();
    let server = await startServer({ data: folder.path });
    try {
      const world = await newWorld(server, { members: 4, threads: 2 });
      for (let round = 1; round <= ROUNDS; round += 1) {
        const sending = storm(server, world);
        await sending.acknowledged(between(50, 300));
        await randomMoment();
        expect(await server.stop(), `exit code ${round}`).toBe(0);
        await sending.over();
        expect(sending.refusals, `refusals ${round}`).toEqual([]);
        server = await startServer({ data: folder.path });
        const found = await violationsIn(server, world, { unknownIsNotStored: true });
        expect(found.slice(0, 5), `after stop ${round}`).toEqual([]);
      }
    } finally {
      await server.stop();
    }
  });
});
