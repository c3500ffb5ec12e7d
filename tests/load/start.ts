import type { Contestant } from './contestants/contestant.ts';
import { ejabberd } from './contestants/ejabberd/ejabberd.ts';
import { switchboard } from './contestants/switchboard/switchboard.ts';
import type { BenchOptions } from './options.ts';
import { compare, type Row } from './report.ts';
import { interleave } from './rounds.ts';

const goalMs = 2000;

/** How long a start on an existing data folder takes, from spawn to ready. */
export async function* benchStart(options: BenchOptions): AsyncGenerator<Row> {
  const ours = switchboard(options.cores.server);
  const peer = ejabberd(options.cores.server);
  const samples = await interleave([ours, peer], { options, measure: secondStartMs });
  const names = { bench: 'start', shape: 'second-start', metric: 'start_ms', unit: 'ms' };
  const oursMs = samples.get(ours) ?? [];
  yield compare({ ...names, peer: peer.name }, { ours: oursMs, theirs: samples.get(peer) ?? [] });
  yield compare({ ...names, peer: 'goal' }, { ours: oursMs, theirs: [goalMs] });
}

async function secondStartMs(contestant: Contestant): Promise<number> {
  const installation = await contestant.install();
  try {
    const first = await installation.start();
    await first.stop();
    const second = await installation.start();
    await second.kill();
    return second.startMs;
  } finally {
    await installation.remove();
  }
}
