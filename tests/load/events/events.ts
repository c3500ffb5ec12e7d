import type { RunningSwitchboard } from '../contestants/switchboard/running-switchboard.ts';
import { switchboard } from '../contestants/switchboard/switchboard.ts';
import { cpuUsBetween, readCpu } from '../cpu.ts';
import { selects, type BenchOptions } from '../options.ts';
import { compare, type Row } from '../report.ts';
import { withServer } from '../rounds.ts';
import { percentile } from '../stats.ts';
import { productionRows } from './production.ts';
import { type PosterKind, PosterProcess } from './poster-process.ts';
import { Receiver } from './receiver.ts';

/** Events measured in one stretch, and how many are queued by one request. */
const events = 10_000;
const atOnce = 1_000;
const warmUps = 3;
const lagsPerSecond = 100;
const subscription = 'bench';
const type = 'SMSReceived';

export interface Shape {
  readonly name: string;
  readonly perPost: number;
  /** CPU µs per event that this project set itself. */
  readonly goalUs: number;
}

export const shapes: readonly Shape[] = [
  { name: 'single', perPost: 1, goalUs: 120 },
  { name: 'batch-of-10', perPost: 10, goalUs: 25 },
];

const posters: readonly PosterKind[] = ['node-http', 'raw-socket'];

/** What delivering a stored event to a webhook costs, beside posting alone; then how late events come. */
export async function* benchEvents(options: BenchOptions): AsyncGenerator<Row> {
  for (const shape of shapes.filter(({ name }) => selects(options, name))) yield* await benchShape(shape, options);
  if (selects(options, 'production')) yield* await productionRows(options);
  if (selects(options, 'lag')) yield* await lagRows(options);
}

async function benchShape(shape: Shape, options: BenchOptions): Promise<Row[]> {
  const receiver = await Receiver.open();
  try {
    const { queueing, delivering, sample } = await oursOf(shape, { receiver, options });
    const row = { bench: 'events', shape: shape.name, unit: 'us' };
    const rows = [
      compare({ ...row, peer: 'goal', metric: 'cpu_us_per_delivery' }, { ours: delivering, theirs: [shape.goalUs] }),
      compare({ ...row, peer: 'delivering', metric: 'cpu_us_per_queued_event' }, { ours: queueing, theirs: delivering }),
    ];
    for (const kind of posters) {
      const theirs = await posterOf(kind, { shape, receiver, options, sample });
      rows.push(compare({ ...row, peer: kind, metric: 'cpu_us_per_delivery' }, { ours: delivering, theirs }));
      const perSecond = (us: readonly number[]): number[] => us.map((value) => 1e6 / value);
      const names = { ...row, unit: '1/s', peer: kind, metric: 'events_per_cpu_s' };
      rows.push(compare(names, { ours: perSecond(delivering), theirs: perSecond(theirs) }));
    }
    return rows;
  } finally {
    receiver.close();
  }
}

interface Ours {
  readonly queueing: readonly number[];
  readonly delivering: readonly number[];
  /** An event as it was delivered. */
  readonly sample: string;
}

/**
 * CPU µs per event, a value a round. Queueing is measured alone, with a subscriber that fetches and does not come;
 * delivering is what a webhook costs beyond that.
 */
function oursOf(
  { name, perPost }: Shape,
  { receiver, options }: { readonly receiver: Receiver; readonly options: BenchOptions },
): Promise<Ours> {
  return withServer(switchboard(options.cores.server, { isProduction: true }), async (server) => {
    const queueing: number[] = [];
    const delivering: number[] = [];
    for (let turn = 1 - warmUps; turn <= options.rounds; turn += 1) {
      options.progress(`${name}: ${turn < 1 ? 'warming up' : `round ${turn} of ${options.rounds}`}`);
      await server.admin('PUT', `/admin/events/listeners/${subscription}`, { filter: { includedEventTypes: [type] } });
      const queued = await cpuUsPerEvent(server, () => trigger(server, events));
      await server.admin('DELETE', `/admin/events/listeners/${subscription}`);
      await subscribe(server, receiver, perPost);
      const total = await cpuUsPerEvent(server, async () => {
        await trigger(server, events);
        await receiver.next(events);
        await drained(server);
      });
      await server.admin('DELETE', `/admin/events/subscriptions/${subscription}`);
      if (turn < 1) continue;
      queueing.push(queued);
      delivering.push(total - queued);
    }
    const { value } = await trigger(server, 1);
    return { queueing, delivering, sample: JSON.stringify(value[0]) };
  });
}

async function posterOf(
  kind: PosterKind,
  {
    shape,
    receiver,
    options,
    sample,
  }: { readonly shape: Shape; readonly receiver: Receiver; readonly options: BenchOptions; readonly sample: string },
): Promise<number[]> {
  const body = `[${Array.from({ length: shape.perPost }, () => sample).join(',')}]`;
  const poster = await PosterProcess.start({ core: options.cores.server, kind, url: receiver.url, body });
  const samples: number[] = [];
  try {
    for (let turn = 1 - warmUps; turn <= options.rounds; turn += 1) {
      options.progress(`${shape.name}: ${kind}`);
      const before = readCpu(poster.pid);
      await poster.post(events / shape.perPost);
      if (turn >= 1) samples.push(cpuUsBetween(before, readCpu(poster.pid)) / events);
    }
  } finally {
    poster.kill();
    receiver.count = 0;
  }
  return samples;
}

/** From the request that makes an event until its webhook has it, at a steady rate. */
async function lagRows(options: BenchOptions): Promise<Row[]> {
  const receiver = await Receiver.open();
  try {
    return await withServer(switchboard(options.cores.server, { isProduction: true }), async (server) => {
      options.progress('lag');
      await subscribe(server, receiver, 1);
      const sentMs = new Map<string, number>();
      const lagsMs: number[] = [];
      receiver.onEvent = (subject) => lagsMs.push(performance.now() - (sentMs.get(subject) ?? NaN));
      const count = lagsPerSecond * options.seconds * options.rounds;
      const startMs = performance.now();
      const sends: Promise<unknown>[] = [];
      for (let n = 0; n < count; n += 1) {
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, startMs + (n * 1000) / lagsPerSecond - performance.now())));
        sentMs.set(`lag/${n}`, performance.now());
        sends.push(server.admin('POST', '/admin/events/trigger', { type, subject: `lag/${n}` }));
      }
      await Promise.all([...sends, receiver.next(count)]);
      const row = { bench: 'events', shape: `${lagsPerSecond}-per-second`, peer: 'ours', unit: 'ms' };
      return [
        { metric: 'p50_ms', fraction: 0.5 },
        { metric: 'p99_ms', fraction: 0.99 },
      ].map(({ metric, fraction }) => {
        const value = percentile(lagsMs, fraction);
        return compare({ ...row, metric }, { ours: [value], theirs: [value] });
      });
    });
  } finally {
    receiver.close();
  }
}

async function cpuUsPerEvent(server: RunningSwitchboard, work: () => Promise<unknown>): Promise<number> {
  const before = readCpu(server.pid);
  await work();
  return cpuUsBetween(before, readCpu(server.pid)) / events;
}

export async function subscribe(server: RunningSwitchboard, receiver: Receiver, perPost: number): Promise<void> {
  const properties = { endpointUrl: receiver.url, ...(perPost === 1 ? {} : { maxEventsPerBatch: perPost }) };
  await server.admin('POST', '/admin/events/subscriptions', {
    name: subscription,
    destination: { endpointType: 'WebHook', properties },
    filter: { includedEventTypes: [`Microsoft.Communication.${type}`] },
  });
}

export async function trigger(server: RunningSwitchboard, count: number): Promise<{ readonly value: readonly unknown[] }> {
  let last: { readonly value: readonly unknown[] } = { value: [] };
  for (let left = count; left > 0; left -= atOnce) {
    const body = { type, count: Math.min(atOnce, left) };
    last = await server.admin<{ readonly value: readonly unknown[] }>('POST', '/admin/events/trigger', body);
  }
  return last;
}

/** Resolves when no event waits any more: what was delivered has been removed. */
export async function drained(server: RunningSwitchboard): Promise<void> {
  for (;;) {
    const { value } = await server.admin<{ readonly value: readonly { readonly waiting: number }[] }>('GET', '/admin/events/subscriptions');
    if (value.every(({ waiting }) => waiting === 0)) return;
  }
}
