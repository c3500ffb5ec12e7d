import type { Contestant, RunningServer } from './contestants/contestant.ts';
import type { BenchOptions } from './options.ts';

/** Measures the contestants in turn, round after round, so that a change of the machine's mood meets all of them. */
export async function interleave<T>(
  { ours, peer, options }: { readonly ours: Contestant; readonly peer: Contestant; readonly options: BenchOptions },
  measure: (contestant: Contestant) => Promise<T>,
): Promise<{ readonly ours: T[]; readonly theirs: T[] }> {
  const samples: { ours: T[]; theirs: T[] } = { ours: [], theirs: [] };
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const [contestant, collected] of [
      [ours, samples.ours],
      [peer, samples.theirs],
    ] as const) {
      options.progress(`round ${round} of ${options.rounds}: ${contestant.name}`);
      collected.push(await measure(contestant));
    }
  }
  return samples;
}

/** Runs `use` on a server with an empty data folder, then ends the server and removes the folder. */
export async function withServer<T, S extends RunningServer>(contestant: Contestant<S>, use: (server: S) => Promise<T>): Promise<T> {
  const installation = await contestant.install();
  try {
    const server = await installation.start();
    try {
      return await use(server);
    } finally {
      await server.kill();
    }
  } finally {
    await installation.remove();
  }
}
