import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchOptions } from './options.ts';
import { compare, type Row } from './report.ts';

interface Sample {
  readonly ours: number;
  readonly theirs: number;
}

/** Beside the code it measures: the protocol alone, with nothing of the server around it. */
const script = fileURLToPath(new URL('../../server/src/smpp.bench.ts', import.meta.url));

/** What a submit_sm and its answer cost both ends, and what they cost the package smpp in the same process. */
export async function* benchSmpp(options: BenchOptions): AsyncGenerator<Row> {
  const samples: Sample[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const pinned = ['-c', String(options.cores.server), process.execPath, '--conditions=source', script];
    const { stdout } = await promisify(execFile)('taskset', pinned);
    samples.push(JSON.parse(stdout) as Sample);
  }
  yield compare(
    { bench: 'smpp', shape: 'submit', peer: 'npm smpp', metric: 'cpu_us_per_submit', unit: 'us' },
    { ours: samples.map(({ ours }) => ours), theirs: samples.map(({ theirs }) => theirs) },
  );
}
