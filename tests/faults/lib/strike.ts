import { setTimeout as delay } from 'node:timers/promises';
import { setFaults } from '../../lib/faults.ts';
import type { TestServer } from '../../lib/server.ts';
import type { Dice } from './dice.ts';
import type { LoopDisk } from './loop-disk.ts';
import type { Walk } from './walk.ts';

/** What happens to a server in the middle of a walk. */
export const FAULTS = ['kill -9', 'slow disk', 'dropped sockets', 'lost answers'] as const;
export type Fault = (typeof FAULTS)[number];

export interface Struck {
  readonly server: TestServer;
  readonly walk: Walk;
  readonly disk: LoopDisk;
  readonly dice: Dice;
  /** Starts another server on the same data. */
  readonly start: () => Promise<TestServer>;
}

/** Carries a fault through to its end; work has gone on behind it where it could. @returns the server that is there then */
export async function strike(fault: Fault, struck: Struck): Promise<TestServer> {
  switch (fault) {
    case 'kill -9':
      return kill(struck);
    case 'slow disk':
      await slowDown(struck);
      break;
    case 'dropped sockets':
      await dropSockets(struck);
      break;
    case 'lost answers':
      await loseAnswers(struck);
      break;
  }
  await struck.walk.acknowledged(20);
  return struck.server;
}

async function kill({ server, walk, dice, start }: Struck): Promise<TestServer> {
  await delay(dice.next() * 8);
  await server.kill();
  await walk.stop();
  return start();
}

/** A disk that stands still again and again: whatever is written or synced meanwhile waits in the kernel. */
async function slowDown({ disk, dice }: Struck): Promise<void> {
  for (let i = 0; i < 6; i += 1) {
    await disk.standStill(dice.between(30, 250));
    await delay(dice.between(1, 40));
  }
}

/** Half of all live connections are cut, twice over. */
async function dropSockets({ server, walk, dice }: Struck): Promise<void> {
  for (let i = 0; i < 2; i += 1) {
    await setFaults(server, { share: 0.5, seed: dice.between(1, 1_000), live: { dropSocket: 'now' } });
    await walk.acknowledged(30);
  }
  await setFaults(server);
}

/** Of every ten requests one is cut before it is worked on, and one after. */
async function loseAnswers({ server, walk, dice }: Struck): Promise<void> {
  const share = { share: 0.1, seed: dice.between(1, 1_000) };
  await setFaults(server, { ...share, http: { dropBefore: true } }, { ...share, http: { dropAfter: true } });
  await walk.acknowledged(80);
  await setFaults(server);
}
