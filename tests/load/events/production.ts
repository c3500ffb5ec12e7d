import type { RunningSwitchboard } from '../contestants/switchboard/running-switchboard.ts';
import { switchboard } from '../contestants/switchboard/switchboard.ts';
import { cpuUsBetween, readCpu } from '../cpu.ts';
import { sendInFlight, type Target, warmUp, withRooms } from '../load.ts';
import type { BenchOptions } from '../options.ts';
import { compare, type Row } from '../report.ts';
import { withServer } from '../rounds.ts';
import type { Shape } from '../shapes.ts';

const inFlight = 32;
const shape: Shape = { rooms: 20, members: 2, answersPushes: false };
const listener = 'bench-production';

interface Subscribed {
  readonly name: string;
  readonly type: string;
  /** CPU µs of a send that it may add. */
  readonly goalUs: number;
}

const cases: readonly Subscribed[] = [
  { name: 'no-match', type: 'SMSReceived', goalUs: 1 },
  { name: 'one-match', type: 'ChatMessageReceivedInThread', goalUs: 15 },
];

/**
 * What events add to a chat send until they are stored; delivering them is measured alone. The subscriber fetches its
 * events, and does not come. Each round sends without a subscription and with each of the others, on the same server.
 */
export async function productionRows(options: BenchOptions): Promise<Row[]> {
  return withServer(switchboard(options.cores.server, { isProduction: true }), (server) =>
    withRooms(server, shape, async (target) => {
      const added = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
      await warmUp(target, { inFlight, sends: 30_000 });
      for (let turn = 1; turn <= options.rounds; turn += 1) {
        options.progress(`production: round ${turn} of ${options.rounds}`);
        const alone = await cpuUsPerSend(server, target, options);
        for (const { name, type } of cases) {
          await server.admin('PUT', `/admin/events/listeners/${listener}`, { filter: { includedEventTypes: [type] } });
          added.get(name)?.push((await cpuUsPerSend(server, target, options)) - alone);
          await server.admin('DELETE', `/admin/events/listeners/${listener}`);
        }
        // What waited for the listener is removed beside this.
        await warmUp(target, { inFlight, sends: 10_000 });
      }
      return cases.map(({ name, goalUs }) => {
        const row = { bench: 'events', shape: name, peer: 'goal', metric: 'cpu_us_added_to_a_send', unit: 'us' };
        return compare(row, { ours: added.get(name) ?? [], theirs: [goalUs] });
      });
    }),
  );
}

async function cpuUsPerSend(server: RunningSwitchboard, target: Target, { seconds }: BenchOptions): Promise<number> {
  const before = readCpu(server.pid);
  const { sends } = await sendInFlight(target, { inFlight, seconds });
  return cpuUsBetween(before, readCpu(server.pid)) / sends;
}
