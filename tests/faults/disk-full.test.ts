import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { threadPath } from '../lib/chat-rest.ts';
import { startServer } from '../lib/server.ts';
import { Ears } from './lib/ears.ts';
import { EventWitness } from './lib/event-witness.ts';
import { LoopDisk } from './lib/loop-disk.ts';
import { newWorld, readAll, restOf, storm, violationsIn } from './lib/world.ts';

const DISK_BYTES = 64 * 1024 * 1024;
/** Near the largest message: the log, which has its space from the start, is used up sooner. */
const PADDING = 24_000;
/** More than fit into any log. */
const MAX_SENDS = 4_000;
const STEADY_SENDS = 900;

describe('a full disk', () => {
  it('R47, R105: refuses sends with 503 while reads go on, loses nothing, repeats no event, and recovers without a restart', async () => {
    using disk = new LoopDisk(DISK_BYTES);
    const data = join(disk.path, 'data');
    const server = await startServer({ data });
    try {
      const world = await newWorld(server, { members: 4, threads: 2 });
      await using witness = await EventWitness.open(server);
      using ears = new Ears(world);
      await ears.connect(server);
      const filler = fill(disk);

      const sending = storm(server, world, { padding: PADDING, maxSends: MAX_SENDS });
      await sending.refused(20);
      await sending.stop();
      // One at a time and often enough for the log to be copied back into the database, which cannot grow either.
      const steady = storm(server, world, { padding: PADDING, senders: world.members.slice(0, 1), inFlight: 1, maxSends: STEADY_SENDS });
      await steady.over();
      expect(steady.refusals.length).toBeGreaterThan(0);
      const refusals = [...sending.refusals, ...steady.refusals].map(({ status, code, retryAfter }) => `${status} ${code} ${retryAfter}`);
      expect(new Set(refusals)).toEqual(new Set(['503 ServiceUnavailable 5']));

      const rest = restOf(server, world.members[0]!);
      expect((await rest.call('GET', threadPath(world.threadIds[0]!))).status).toBe(200);
      const whileFull = await readAll(server, world);

      rmSync(filler);
      const again = storm(server, world, { maxSends: 200 });
      await again.over();
      expect(again.refusals).toEqual([]);
      await ears.settled();
      const found = await violationsIn(server, world, { hearings: ears.hearings(), earlier: whileFull, unknownIsNotStored: true });
      expect(found.slice(0, 5)).toEqual([]);
      expect(await witness.violations(server, world)).toEqual({ missing: [], unfounded: [], repeated: [] });
      expect(await server.stop()).toBe(0);

      await using restarted = await startServer({ data });
      expect((await violationsIn(restarted, world)).slice(0, 5)).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});

/** Leaves no block free. @returns the file that took them */
function fill(disk: LoopDisk): string {
  const path = join(disk.path, 'filler');
  const file = openSync(path, 'w');
  for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    const block = Buffer.alloc(bytes, 1);
    try {
      for (;;) writeSync(file, block);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
  }
  fsyncSync(file);
  closeSync(file);
  return path;
}
