import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchOptions } from './options.ts';
import { compare, type Row } from './report.ts';

const goalUs = 10;
/** Beside the code it measures: no request over a socket is fine enough for single microseconds. */
const script = fileURLToPath(new URL('../../server/src/auth.bench.ts', import.meta.url));

/** What judging a known token, or a signature with the hash of its body, costs a request. */
export async function* benchAuth(options: BenchOptions): AsyncGenerator<Row> {
  const samples: { readonly token: number; readonly signature: number }[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const pinned = ['-c', String(options.cores.server), process.execPath, '--conditions=source', script];
    const { stdout } = await promisify(execFile)('taskset', pinned);
    samples.push(JSON.parse(stdout) as { token: number; signature: number });
  }
  const names = { bench: 'auth', peer: 'goal', metric: 'cpu_us_per_check', unit: 'us' };
  const theirs = [goalUs];
  yield compare({ ...names, shape: 'token' }, { ours: samples.map(({ token }) => token), theirs });
  yield compare({ ...names, shape: 'signature' }, { ours: samples.map(({ signature }) => signature), theirs });
}
