import type { Contestant, RunningServer } from './contestants/contestant.ts';
import { selectPeers } from './contestants/peers.ts';
import { switchboard } from './contestants/switchboard/switchboard.ts';
import { cpuUsBetween, readCpu } from './cpu.ts';
import { benchIdle } from './idle.ts';
import { checkStored, sendAtRate, sendInFlight, warmUp, withRooms, type Target } from './load.ts';
import { selects, type BenchOptions } from './options.ts';
import { compare, type Row } from './report.ts';
import { interleave, withServer } from './rounds.ts';
import { layouts, shapesOf, type NamedShape } from './shapes.ts';
import { percentile } from './stats.ts';

const inFlight = 64;
const fixedPerSecond = 100;

interface ChatSample {
  readonly cpuUsPerSend: number;
  readonly sendsPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A contestant under the load of one shape. */
interface Entrant {
  readonly name: string;
  readonly contestant: Contestant;
  readonly shape: NamedShape;
}

/** A send is stored and pushed to every member of its room, ours against each peer's; then what an idle socket costs. */
export async function* benchChat(options: BenchOptions): AsyncGenerator<Row> {
  const ours = switchboard(options.cores.server);
  const peers = selectPeers(options);
  for (const [layoutName, layout] of Object.entries(layouts)) {
    const shapes = shapesOf(layoutName, layout).filter(({ name }) => selects(options, name));
    if (shapes.length === 0) continue;
    options.progress(layoutName);
    const samples = await interleave(
      [ours, ...peers].flatMap((contestant) => entrantsOf(contestant, shapes)),
      { options, measure: (entrant) => measureEntrant(entrant, options) },
    );
    for (const shape of shapes) for (const peer of peers) yield* chatRows(shape, { ours, peer, samples });
  }
  yield* benchIdle({ ours, peers, options });
}

/** A contestant whose clients never answer pushes is measured once, and compared with ours under every behaviour. */
function entrantsOf(contestant: Contestant, shapes: readonly NamedShape[]): Entrant[] {
  const distinct = contestant.answersPushes ? shapes : shapes.slice(0, 1);
  return distinct.map((shape) => ({
    name: contestant.answersPushes ? `${contestant.name}, ${shape.name}` : contestant.name,
    contestant,
    shape,
  }));
}

async function measureEntrant({ name, contestant, shape }: Entrant, options: BenchOptions): Promise<ChatSample> {
  return withServer(contestant, (server) =>
    withRooms(server, shape, async (target) => {
      await warmUp(target, { inFlight, sends: contestant.warmUpSends });
      const sample = await measureRooms(target, { server, options });
      options.progress(`${name}: ${sample.cpuUsPerSend.toFixed(1)} us a send, ${sample.p50Ms.toFixed(2)}/${sample.p99Ms.toFixed(2)} ms`);
      return sample;
    }),
  );
}

async function measureRooms(
  target: Target,
  { server, options }: { readonly server: RunningServer; readonly options: BenchOptions },
): Promise<ChatSample> {
  const { seconds } = options;
  const generatorBefore = process.cpuUsage();
  const before = readCpu(server.pid);
  const { sends, elapsedMs } = await sendInFlight(target, { inFlight, seconds });
  const cpuUs = cpuUsBetween(before, readCpu(server.pid));
  const generator = process.cpuUsage(generatorBefore);
  options.progress(
    `${percent(cpuUs, elapsedMs)} of a core for the server, ${percent(generator.user + generator.system, elapsedMs)} for the generator`,
  );
  const latenciesMs = await sendAtRate(target, { perSecond: fixedPerSecond, seconds });
  await checkStored(target);
  return {
    cpuUsPerSend: cpuUs / sends,
    sendsPerS: (sends * 1000) / elapsedMs,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}

function percent(cpuUs: number, elapsedMs: number): string {
  return `${Math.round(cpuUs / elapsedMs / 10)} %`;
}

interface ChatResult {
  readonly ours: Contestant;
  readonly peer: Contestant;
  readonly samples: ReadonlyMap<Entrant, readonly ChatSample[]>;
}

function chatRows(shape: NamedShape, { ours, peer, samples }: ChatResult): Row[] {
  const metrics: readonly (readonly [metric: string, unit: string, value: (sample: ChatSample) => number])[] = [
    ['cpu_us_per_send', 'us', (sample) => sample.cpuUsPerSend],
    ['sends_per_cpu_s', '1/s', (sample) => 1e6 / sample.cpuUsPerSend],
    ['deliveries_per_cpu_s', '1/s', (sample) => (1e6 * shape.members) / sample.cpuUsPerSend],
    ['sends_per_s', '1/s', (sample) => sample.sendsPerS],
    ['p50_ms', 'ms', (sample) => sample.p50Ms],
    ['p99_ms', 'ms', (sample) => sample.p99Ms],
  ];
  return metrics.map(([metric, unit, value]) =>
    compare(
      { bench: 'chat', shape: shape.name, peer: peer.name, metric, unit },
      { ours: samplesOf(ours).map(value), theirs: samplesOf(peer).map(value) },
    ),
  );

  function samplesOf(contestant: Contestant): readonly ChatSample[] {
    const own = [...samples].filter(([entrant]) => entrant.contestant === contestant);
    const [, found = []] = own.find(([entrant]) => entrant.shape === shape) ?? own[0] ?? [];
    return found;
  }
}
