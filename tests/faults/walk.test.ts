import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../lib/server.ts';
import { Dice } from './lib/dice.ts';
import { Ears } from './lib/ears.ts';
import { LoopDisk } from './lib/loop-disk.ts';
import { type Plant, planted } from './lib/plants.ts';
import { FAULTS, strike } from './lib/strike.ts';
import { Walk } from './lib/walk.ts';
import { newWorld, violationsIn } from './lib/world.ts';
import type { Violation, ViolationKind } from './lib/evidence.ts';

/** `FAULT_SEEDS=30` is the long form, `FAULT_FIRST_SEED=17` begins with that one. */
const SEEDS = Number(process.env['FAULT_SEEDS'] ?? 3);
const FIRST_SEED = Number(process.env['FAULT_FIRST_SEED'] ?? 1);
const DISK_BYTES = 128 * 1024 * 1024;
const SIZE = { members: 3, guests: 2, threads: 2 };

describe('random operations under faults', () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i))('R47: leave a right history: seed %i', async (seed) => {
    using disk = new LoopDisk(DISK_BYTES);
    const dice = new Dice(seed);
    const start = (): Promise<TestServer> => startServer({ data: join(disk.path, 'data') });
    let server = await start();
    try {
      const world = await newWorld(server, SIZE);
      using ears = new Ears(world);
      for (const [round, fault] of dice.shuffled(FAULTS).entries()) {
        await ears.connect(server);
        const walk = new Walk({ endpoint: server.ready.httpEndpoint, world, seed: seed * 10 + round });
        await walk.acknowledged(dice.between(60, 150));
        server = await strike(fault, { server, walk, disk, dice, start });
        await walk.stop();
        await ears.connect(server);
        await ears.resume(server);
        await ears.settled();
        const found = await violationsIn(server, world, { hearings: ears.hearings() });
        expect(found.slice(0, 5), `after round ${round + 1}: ${fault}`).toEqual([]);
      }
      const { deeds } = world.history;
      for (const kind of ['edit', 'delete', 'add', 'remove', 'receipt'] as const) {
        expect(deeds.all.filter((deed) => deed.kind === kind && deed.outcome === 'ok').length, kind).toBeGreaterThan(0);
      }
    } finally {
      await server.stop();
    }
  });
});

/** How each planted bug shows. */
const SIGNS: Partial<Record<Plant, ViolationKind>> = {
  'lost edit': 'edit lost',
  'lost deletion': 'deleted came back',
  'lost removal': 'member came back',
  'receipts go back': 'receipt lost',
};

describe('random operations without faults', () => {
  it('R47: leave a right history', async () => {
    expect((await calmWalk({})).violations.slice(0, 5)).toEqual([]);
  });

  it.each(Object.entries(SIGNS))('R47: show the planted bug: %s', async (plant, sign) => {
    const { violations, log } = await calmWalk(planted(plant as Plant));
    expect(log).toContain(`planted: ${plant}`);
    expect(new Set(violations.map(({ kind }) => kind))).toContain(sign);
  });
});

async function calmWalk(env: Readonly<Record<string, string>>): Promise<{ violations: Violation[]; log: string }> {
  await using server = await startServer({ env });
  const world = await newWorld(server, SIZE);
  using ears = new Ears(world);
  await ears.connect(server);
  const walk = new Walk({ endpoint: server.ready.httpEndpoint, world, seed: 1 });
  await walk.acknowledged(500);
  await walk.stop();
  await ears.settled();
  return { violations: await violationsIn(server, world, { hearings: ears.hearings() }), log: server.log };
}
