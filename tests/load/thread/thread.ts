import type { ChatApi, User } from '../clients/chat-api.ts';
import { Inspector } from '../clients/inspector.ts';
import type { RunningSwitchboard } from '../contestants/switchboard/running-switchboard.ts';
import { switchboard } from '../contestants/switchboard/switchboard.ts';
import { cpuUsBetween, readCpu } from '../cpu.ts';
import type { BenchOptions } from '../options.ts';
import { compare, type Row } from '../report.ts';
import { cpuUsPerRequest } from '../requests.ts';
import { withServer } from '../rounds.ts';
import { filledThread } from './fill.ts';
import { loopDelayDuring } from './loop-delay.ts';
import { sizedKinds } from './operations.ts';

const smallMessages = 100;
/** Threads that are purged for comparison with the big one. */
const purgedSmall = { threads: 20, messages: 1000 };
const idleMs = 10_000;
const goalLoopMs = 20;

/**
 * Messages are kept for 30 days. By a virtual clock the small threads are two hours older than the big one, and that is
 * two hours older than what the measured requests send, so that each can be purged by itself. Tokens live for a day.
 */
const apart = 'PT2H';
const untilSmallOnesEnd = 'P29DT21H';
const untilBigOneEnds = 'PT2H';

/**
 * What a thread's size does to the cost of each operation, in server CPU; then what purging it costs, and whether
 * that holds up everything else.
 */
export async function* benchThread(options: BenchOptions): AsyncGenerator<Row> {
  const contestant = switchboard(options.cores.server, { virtualClock: true, inspected: true });
  yield* await withServer(contestant, async (server) => {
    const { api } = server;
    const user = await api.createUser();
    options.progress(`filling ${purgedSmall.threads} small threads`);
    await fillSmallThreads(api, user);
    await server.advanceClock(apart);
    const threadId = await filledThread(api, { ...options, user });
    await server.advanceClock(apart);
    return [...(await operationRows(server, { options, user, threadId })), ...(await purgeRows(server, options))];
  });
}

async function fillSmallThreads(api: ChatApi, user: User): Promise<void> {
  for (let thread = 0; thread < purgedSmall.threads; thread += 1) {
    await filledThread(api, { user, messages: purgedSmall.messages, progress: () => undefined });
  }
}

interface BigThread {
  readonly options: BenchOptions;
  readonly user: User;
  readonly threadId: string;
}

async function operationRows({ api, pid }: RunningSwitchboard, { options, user, threadId }: BigThread): Promise<Row[]> {
  const { messages } = options;
  const kinds = await sizedKinds({ api, user, big: { threadId, messages }, smallMessages });
  const samples = await cpuUsPerRequest({ http: api.http, pid, kinds }, options);
  return (['send', 'list', 'list-deep', 'edit'] as const).map((operation) => {
    const small = operation === 'list-deep' ? 'list-small' : (`${operation}-small` as const);
    const big = operation === 'list-deep' ? 'list-deep' : (`${operation}-big` as const);
    return compare(
      { ...names(messages), metric: `cpu_us_per_${operation.replace('-', '_')}`, unit: 'us' },
      { ours: samples.map((sample) => sample[big]), theirs: samples.map((sample) => sample[small]) },
    );
  });
}

function names(messages: number): Pick<Row, 'bench' | 'shape' | 'peer'> {
  return { bench: 'thread', shape: `${messages}-messages`, peer: `${smallMessages}-messages` };
}

async function purgeRows(server: RunningSwitchboard, options: BenchOptions): Promise<Row[]> {
  const inspector = await Inspector.connect(await server.inspectorUrl);
  try {
    options.progress('the event loop of an idle server');
    const idle = await loopDelayDuring(inspector, () => new Promise((resolve) => setTimeout(resolve, idleMs)));
    options.progress('purging the small threads');
    const smallUs = await cpuUsOfAdvance(server, untilSmallOnesEnd);
    options.progress('purging the big thread');
    let bigUs = 0;
    const purge = await loopDelayDuring(inspector, async () => (bigUs = await cpuUsOfAdvance(server, untilBigOneEnds)));
    const row = names(options.messages);
    const delay = { ...row, metric: 'loop_delay_max_ms', unit: 'ms' };
    return [
      compare(
        { ...row, peer: `${purgedSmall.messages}-messages`, metric: 'cpu_us_per_purged_message', unit: 'us' },
        { ours: [bigUs / options.messages], theirs: [smallUs / (purgedSmall.threads * purgedSmall.messages)] },
      ),
      compare({ ...delay, peer: 'idle' }, { ours: [purge.maxMs], theirs: [idle.maxMs] }),
      compare({ ...delay, peer: 'goal' }, { ours: [purge.maxMs], theirs: [goalLoopMs] }),
      compare({ ...delay, metric: 'loop_delay_p99_ms', peer: 'idle' }, { ours: [purge.p99Ms], theirs: [idle.p99Ms] }),
    ];
  } finally {
    inspector.close();
  }
}

async function cpuUsOfAdvance(server: RunningSwitchboard, by: string): Promise<number> {
  const before = readCpu(server.pid);
  await server.advanceClock(by);
  return cpuUsBetween(before, readCpu(server.pid));
}
