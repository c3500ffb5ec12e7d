import { Inspector } from '../clients/inspector.ts';
import { switchboard } from '../contestants/switchboard/switchboard.ts';
import { openIdle } from '../idle.ts';
import { selects, type BenchOptions } from '../options.ts';
import { withServer } from '../rounds.ts';
import { summarise } from './cpu-profile.ts';
import { flatten, type HeapNode } from './heap-profile.ts';
import { renderMemory, type Memory } from './render.ts';

const samplingBytes = 2048;
/** Opened before any is weighed: they make the server load its code. */
const warmUp = 200;

/** What an idle live socket of our server keeps in memory, on the plain listener and over TLS, as text for people. */
export async function* profileIdle(options: BenchOptions): AsyncGenerator<string> {
  for (const [kind, liveOverTls] of [
    ['idle', false],
    ['idle-tls', true],
  ] as const) {
    const name = `${kind}-${options.idleSockets}`;
    if (!selects(options, name)) continue;
    options.progress(name);
    const contestant = switchboard(options.cores.server, { inspected: true, liveOverTls });
    yield await withServer(contestant, async (server) => {
      const inspector = await Inspector.connect(await server.inspectorUrl);
      const users = await server.createIdleUsers(warmUp + options.idleSockets);
      const first = await openIdle(users.slice(0, warmUp));
      const before = await memoryOf(inspector);
      await inspector.call('HeapProfiler.startSampling', { samplingInterval: samplingBytes });
      const rest = await openIdle(users.slice(warmUp));
      const after = await memoryOf(inspector);
      const { profile } = await inspector.call<{ profile: { head: HeapNode } }>('HeapProfiler.getSamplingProfile');
      inspector.close();
      for (const socket of [...first, ...rest]) socket.close();
      return renderMemory({
        title: name,
        sockets: options.idleSockets,
        before,
        after,
        summary: summarise({ nodes: flatten(profile.head) }),
      });
    });
  }
}

async function memoryOf(inspector: Inspector): Promise<Memory> {
  await inspector.call('HeapProfiler.collectGarbage');
  return inspector.evaluate<Memory>('process.memoryUsage()');
}
