import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contestant, Installation, RunningServer } from '../contestant.ts';
import { makeDataFolder, removeDataFolder } from '../data-folder.ts';
import { freePort, untilListening } from '../ports.ts';
import { ServerProcess } from '../server-process.ts';
import { RunningNats } from './running-nats.ts';

/** NATS from Debian's package with JetStream in files; what it acknowledges is in the page cache, not on the disk. */
export function nats(core: number): Contestant {
  return {
    name: 'nats',
    answersPushes: false,
    warmUpSends: 10_000,
    async install(): Promise<Installation> {
      const folder = await makeDataFolder();
      return { start: () => start(core, folder), remove: () => removeDataFolder(folder) };
    },
  };
}

async function start(core: number, folder: string): Promise<RunningServer> {
  const port = await freePort();
  const configuration = join(folder, 'nats.conf');
  // Its configuration may be JSON. Debian's daemons live in /usr/sbin, which is on root's PATH only.
  await writeFile(configuration, JSON.stringify({ host: '127.0.0.1', port, jetstream: { store_dir: folder } }));
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  const server = new ServerProcess({ core, command: ['nats-server', '--config', configuration], env, cwd: folder });
  server.output.resume();
  await Promise.race([untilListening(port), server.failed]);
  return new RunningNats(server, { port, startMs: performance.now() - server.startedAtMs });
}
