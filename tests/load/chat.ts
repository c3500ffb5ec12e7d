import type { Contestant, RunningServer } from './contestants/contestant.ts';
import { ejabberd } from './contestants/ejabberd.ts';
import { switchboard } from './contestants/switchboard.ts';
import { cpuUsBetween, readCpu } from './cpu.ts';
import { idleKb } from './idle.ts';
import { sendAtRate, sendInFlight, withRooms, type Target } from './load.ts';
import type { BenchOptions } from './options.ts';
import { compare, type Row } from './report.ts';
import { interleave, withServer } from './rounds.ts';
import { shapes, type Shape } from './shapes.ts';
import { percentile } from './stats.ts';

const inFlight = 64;
const fixedPerSecond = 100;

interface ChatSample {
  readonly cpuUsPerSend: number;
  readonly sendsPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A send is stored and pushed to every member of its room, ours against ejabberd's; then what an idle socket costs. */
export async function* benchChat(options: BenchOptions): AsyncGenerator<Row> {
  const ours = switchboard(options.cores.server);
  const peer = ejabberd(options.cores.server);
  for (const [name, shape] of Object.entries(shapes).filter(([name]) => name === (options.shape ?? name))) {
    options.progress(name);
    const samples = await interleave({ ours, peer, options }, (contestant) => measureShape(contestant, { shape, options }));
    yield* chatRows({ name, members: shape.members, peer: peer.name, samples });
  }
  if (options.shape === undefined || options.shape === 'idle') yield await benchIdle({ ours, peer, options });
}

async function measureShape(contestant: Contestant, { shape, options }: { shape: Shape; options: BenchOptions }): Promise<ChatSample> {
  return withServer(contestant, (server) =>
    withRooms(server, shape, async (target) => {
      await sendInFlight(target, { inFlight, seconds: contestant.warmUpSeconds });
      return measureRooms(target, { server, seconds: options.seconds });
    }),
  );
}

async function measureRooms(target: Target, { server, seconds }: { server: RunningServer; seconds: number }): Promise<ChatSample> {
  const before = readCpu(server.pid);
  const { sends, elapsedMs } = await sendInFlight(target, { inFlight, seconds });
  const cpuUs = cpuUsBetween(before, readCpu(server.pid));
  const latenciesMs = await sendAtRate(target, { perSecond: fixedPerSecond, seconds });
  await checkStored(target);
  return {
    cpuUsPerSend: cpuUs / sends,
    sendsPerS: (sends * 1000) / elapsedMs,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}

/** That the messages were not only pushed: each room's archive must end with the last one sent. */
async function checkStored({ shape, rooms, flights }: Target): Promise<void> {
  flights.check();
  for (let room = 0; room < shape.rooms; room += 1) {
    const stored = await rooms.newestStored(room);
    if (stored !== flights.lastOf(room)) throw new Error(`room ${room} has stored message ${stored} last, not ${flights.lastOf(room)}`);
  }
}

interface ChatResult {
  readonly name: string;
  readonly members: number;
  readonly peer: string;
  readonly samples: { readonly ours: readonly ChatSample[]; readonly theirs: readonly ChatSample[] };
}

function chatRows({ name, members, peer, samples }: ChatResult): Row[] {
  const metrics: readonly (readonly [metric: string, unit: string, value: (sample: ChatSample) => number])[] = [
    ['cpu_us_per_send', 'us', (sample) => sample.cpuUsPerSend],
    ['sends_per_cpu_s', '1/s', (sample) => 1e6 / sample.cpuUsPerSend],
    ['deliveries_per_cpu_s', '1/s', (sample) => (1e6 * members) / sample.cpuUsPerSend],
    ['sends_per_s', '1/s', (sample) => sample.sendsPerS],
    ['p50_ms', 'ms', (sample) => sample.p50Ms],
    ['p99_ms', 'ms', (sample) => sample.p99Ms],
  ];
  return metrics.map(([metric, unit, value]) =>
    compare({ bench: 'chat', shape: name, peer, metric, unit }, { ours: samples.ours.map(value), theirs: samples.theirs.map(value) }),
  );
}

async function benchIdle({ ours, peer, options }: { ours: Contestant; peer: Contestant; options: BenchOptions }): Promise<Row> {
  const { idleSockets } = options;
  options.progress(`${idleSockets} idle sockets`);
  const samples = await interleave({ ours, peer, options }, (contestant) =>
    withServer(contestant, (server) => idleKb(server, idleSockets)),
  );
  return compare({ bench: 'chat', shape: `idle-${idleSockets}`, peer: peer.name, metric: 'idle_kb', unit: 'kB' }, samples);
}
