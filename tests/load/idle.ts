import { mapConcurrently } from './concurrently.ts';
import type { Contestant, IdleUser, RunningServer } from './contestants/contestant.ts';
import { readResidentKb } from './cpu.ts';
import { selects, type BenchOptions } from './options.ts';
import { compare, type Row } from './report.ts';
import { interleave, withServer } from './rounds.ts';

const settleMs = 4000;
const pollMs = 250;
/** Sockets being opened at a time; more would overrun a listener's backlog. */
const limit = 4;

export interface IdleBench {
  readonly ours: Contestant;
  readonly peers: readonly Contestant[];
  readonly options: BenchOptions;
}

/** What an idle live socket weighs, ours against each peer's. */
export async function* benchIdle({ ours, peers, options }: IdleBench): AsyncGenerator<Row> {
  const shape = `idle-${options.idleSockets}`;
  if (!selects(options, shape)) return;
  options.progress(shape);
  const samples = await interleave([ours, ...peers], {
    options,
    measure: (contestant) => withServer(contestant, (server) => idleKb(server, options.idleSockets)),
  });
  for (const peer of peers) {
    const names = { bench: 'chat', shape, peer: peer.name, metric: 'idle_kb', unit: 'kB' };
    yield compare(names, { ours: samples.get(ours) ?? [], theirs: samples.get(peer) ?? [] });
  }
}

/**
 * Resident kB of the server per idle live socket. A quarter as many sockets again are opened first and not counted:
 * they make the server load its code and grow its young heap. Rejects when a socket is lost, since it would weigh nothing.
 */
async function idleKb(server: RunningServer, count: number): Promise<number> {
  const warmUp = Math.ceil(count / 4);
  const users = await server.createIdleUsers(warmUp + count);
  let lost = 0;
  const connect = (user: IdleUser): Promise<{ close(): void }> => user.connect(() => (lost += 1));
  const first = await mapConcurrently(users.slice(0, warmUp), { limit, map: connect });
  const before = await settledKb(server.pid);
  const rest = await mapConcurrently(users.slice(warmUp), { limit, map: connect });
  const after = await settledKb(server.pid);
  if (lost > 0) throw new Error(`the server dropped ${lost} idle sockets`);
  for (const socket of [...first, ...rest]) socket.close();
  return (after - before) / count;
}

/** The least memory seen while the server had a few seconds to tidy up. */
async function settledKb(pid: number): Promise<number> {
  const endMs = performance.now() + settleMs;
  let leastKb = readResidentKb(pid);
  while (performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    leastKb = Math.min(leastKb, readResidentKb(pid));
  }
  return leastKb;
}
