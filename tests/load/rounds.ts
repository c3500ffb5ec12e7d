import type { Contestant, RunningServer } from './contestants/contestant.ts';
import type { BenchOptions } from './options.ts';

/** Who is measured under one name; the same contestant may take part twice, under different loads. */
export interface Entrant {
  readonly name: string;
}

/**
 * Measures the entrants in turn, round after round, so that a change of the machine's mood meets all of them.
 * @returns the samples of each entrant, in the order of the rounds
 */
export async function interleave<E extends Entrant, T>(
  entrants: readonly E[],
  { options, measure }: { readonly options: Pick<BenchOptions, 'rounds' | 'progress'>; readonly measure: (entrant: E) => Promise<T> },
): Promise<Map<E, T[]>> {
  const samples = new Map<E, T[]>(entrants.map((entrant) => [entrant, []]));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const [entrant, collected] of samples) {
      options.progress(`round ${round} of ${options.rounds}: ${entrant.name}`);
      collected.push(await measure(entrant));
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
