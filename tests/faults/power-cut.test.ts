import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../lib/server.ts';
import { LoopDisk } from './lib/loop-disk.ts';
import { between, randomMoment } from './lib/moments.ts';
import { planted } from './lib/plants.ts';
import { newWorld, storm, violationsIn, type World } from './lib/world.ts';

const ROUNDS = 5;
const DISK_BYTES = 128 * 1024 * 1024;

describe('a power cut in a storm', () => {
  it('R47: loses nothing that was acknowledged, 5 times over on one disk', async () => {
    using disk = new LoopDisk(DISK_BYTES);
    let server = await startOn(disk);
    try {
      const world = await newWorld(server, { members: 4, threads: 2 });
      for (let round = 1; round <= ROUNDS; round += 1) {
        await cutDuringStorm({ server, world, disk });
        server = await startOn(disk);
        expect(await violationsIn(server, world), `after power cut ${round}`).toEqual([]);
      }
      expect(world.history.count('ok')).toBeGreaterThan(ROUNDS * 50);
    } finally {
      await server.stop();
    }
  });

  it('R47: shows the planted bug: acknowledged before the sync', async () => {
    using disk = new LoopDisk(DISK_BYTES);
    const first = await startOn(disk);
    const world = await newWorld(first, { members: 4, threads: 2 });
    await first.stop();
    // Users and threads are safe; what the storm adds is at stake.
    const bad = await startOn(disk, planted('acknowledged before the sync'));
    await cutDuringStorm({ server: bad, world, disk });
    expect(bad.log).toContain('planted: acknowledged before the sync');
    await using server = await startOn(disk);
    const found = await violationsIn(server, world);
    expect(found.map(({ kind }) => kind)).toContain('lost');
  });
});

function startOn(disk: LoopDisk, env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  return startServer({ data: join(disk.path, 'data'), env });
}

/** Leaves the disk as it is found after the cut. */
async function cutDuringStorm(parts: { readonly server: TestServer; readonly world: World; readonly disk: LoopDisk }): Promise<void> {
  const { server, world, disk } = parts;
  const sending = storm(server, world);
  await sending.acknowledged(between(50, 400));
  await randomMoment();
  disk.cutPower();
  await server.kill();
  await sending.over();
  disk.restorePower();
}
