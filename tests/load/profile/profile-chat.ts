import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { switchboard } from '../contestants/switchboard/switchboard.ts';
import { sendInFlight, warmUp, withRooms } from '../load.ts';
import { selects, type BenchOptions } from '../options.ts';
import { withServer } from '../rounds.ts';
import { shapes, type NamedShape } from '../shapes.ts';
import { summarise } from './cpu-profile.ts';
import { profiled } from './profiled.ts';
import { renderProfile } from './render.ts';
import { readUse, useBetween } from './threads.ts';

const inFlight = 64;

/**
 * Where our server's CPU time goes under the load of each chat shape, as text for people. What a send costs is measured
 * first, without the profiler; the profile itself is kept in the temporary folder, for Chrome's developer tools.
 */
export async function* profileChat(options: BenchOptions): AsyncGenerator<string> {
  for (const shape of shapes.filter(({ name }) => selects(options, name))) {
    options.progress(shape.name);
    yield await profileShape(shape, options);
  }
}

async function profileShape(shape: NamedShape, options: BenchOptions): Promise<string> {
  const contestant = switchboard(options.cores.server, { inspected: true });
  return withServer(contestant, (server) =>
    withRooms(server, shape, async (target) => {
      const load = { inFlight, seconds: options.seconds };
      await warmUp(target, { inFlight, sends: contestant.warmUpSends });
      const before = readUse(server.pid);
      const { sends } = await sendInFlight(target, load);
      const use = useBetween(before, readUse(server.pid));
      const profile = await profiled(server.inspectorUrl, () => sendInFlight(target, load));
      const file = join(tmpdir(), `switchboard-${shape.name}.cpuprofile`);
      await writeFile(file, JSON.stringify(profile));
      options.progress(`the whole profile: ${file}`);
      return renderProfile({ title: shape.name, sends, use, summary: summarise(profile) });
    }),
  );
}
