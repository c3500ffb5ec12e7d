import { mapConcurrently } from './concurrently.ts';
import type { Contestant, IdleUser, RunningServer } from './contestants/contestant.ts';
import { readResidentKb } from './cpu.ts';
import { switchboard } from './contestants/switchboard/switchboard.ts';
import { selects, type BenchOptions } from './options.ts';
import { compare, type Row } from './report.ts';
import { interleave, withServer } from './rounds.ts';

/** V8 gives memory back only when nothing has happened for 8 s; an idle server is left alone for longer than that. */
const settleMs = 12_000;
const pollMs = 500;
/** Sockets being opened at a time; more would overrun a listener's backlog. */
const limit = 4;
/** A quarter as many sockets, but not more than so many, are opened before any is weighed. */
const mostWarmUp = 1000;
/** With very many sockets the weight hardly differs from one round to the next, and opening them takes long. */
const roundsPerWeighingOfMany = 3;
const goalKb = { plain: 10, tls: 60 } as const;

export interface IdleBench {
  readonly ours: Contestant;
  readonly peers: readonly Contestant[];
  readonly options: BenchOptions;
}

/** What an idle live socket weighs: ours against each peer's, over TLS, and when one process holds a great many. */
export async function* benchIdle({ ours, peers, options }: IdleBench): AsyncGenerator<Row> {
  const { idleSockets, manySockets, rounds } = options;
  const names = { bench: 'chat', metric: 'idle_kb', unit: 'kB' };
  const weigh = (count: number, { weighed, rounds }: Weighing): Promise<Map<Contestant, number[]>> =>
    interleave(weighed, {
      options: { ...options, rounds },
      measure: (contestant) => withServer(contestant, (server) => idleKb(server, count)),
    });

  const shape = shapeNames(options);
  if (selects(options, shape.plain)) {
    const samples = await weigh(idleSockets, { weighed: [ours, ...peers], rounds });
    const oursKb = samples.get(ours) ?? [];
    for (const peer of peers)
      yield compare({ ...names, shape: shape.plain, peer: peer.name }, { ours: oursKb, theirs: samples.get(peer) ?? [] });
    yield compare({ ...names, shape: shape.plain, peer: 'goal' }, { ours: oursKb, theirs: [goalKb.plain] });
  }
  for (const { name, contestant, count, goal, rounds: weighings } of [
    { name: shape.tls, contestant: switchboard(options.cores.server, { liveOverTls: true }), count: idleSockets, goal: goalKb.tls, rounds },
    { name: shape.many, contestant: ours, count: manySockets, goal: goalKb.plain, rounds: Math.ceil(rounds / roundsPerWeighingOfMany) },
  ]) {
    if (!selects(options, name)) continue;
    const samples = await weigh(count, { weighed: [contestant], rounds: weighings });
    yield compare({ ...names, shape: name, peer: 'goal' }, { ours: samples.get(contestant) ?? [], theirs: [goal] });
  }
}

interface Weighing {
  readonly weighed: readonly Contestant[];
  readonly rounds: number;
}

type Counts = Pick<BenchOptions, 'idleSockets' | 'manySockets'>;

function shapeNames({ idleSockets, manySockets }: Counts): { readonly plain: string; readonly tls: string; readonly many: string } {
  return { plain: `idle-${idleSockets}`, tls: `idle-tls-${idleSockets}`, many: `idle-many-${manySockets}` };
}

/** The names of all shapes with idle sockets. */
export function idleShapes(counts: Counts): string[] {
  return Object.values(shapeNames(counts));
}

/**
 * Resident kB of the server per idle live socket. Some more are opened first and not counted: they make the server load
 * its code and grow its young heap. Rejects when a socket is lost, since it would weigh nothing.
 */
async function idleKb(server: RunningServer, count: number): Promise<number> {
  const warmUp = Math.min(mostWarmUp, Math.ceil(count / 4));
  const users = await server.createIdleUsers(warmUp + count);
  let lost = 0;
  const onLost = (): unknown => (lost += 1);
  const first = await openIdle(users.slice(0, warmUp), onLost);
  const before = await settledKb(server.pid);
  const rest = await openIdle(users.slice(warmUp), onLost);
  const after = await settledKb(server.pid);
  if (lost > 0) throw new Error(`the server dropped ${lost} idle sockets`);
  for (const socket of [...first, ...rest]) socket.close();
  return (after - before) / count;
}

/** Opens the live sockets of all users. */
export function openIdle(users: readonly IdleUser[], onLost: () => unknown = () => undefined): Promise<{ close(): void }[]> {
  return mapConcurrently(users, { limit, map: (user) => user.connect(onLost) });
}

/** The least memory seen while the server had time to tidy up. */
async function settledKb(pid: number): Promise<number> {
  const endMs = performance.now() + settleMs;
  let leastKb = readResidentKb(pid);
  while (performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    leastKb = Math.min(leastKb, readResidentKb(pid));
  }
  return leastKb;
}
