import { execFileSync } from 'node:child_process';
import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contestant, Installation, RunningServer } from '../contestant.ts';
import { freePort, untilListening } from '../ports.ts';
import { makeDataFolder, removeDataFolder } from '../data-folder.ts';
import { ejabberdConfig } from './config.ts';
import { RunningEjabberd } from './running-ejabberd.ts';
import { ServerProcess } from '../server-process.ts';

const osUser = 'ejabberd';

/** ejabberd from Debian's package, as an instance of its own: own folder, own configuration, not the system's service. */
export function ejabberd(core: number): Contestant {
  return {
    name: 'ejabberd',
    answersPushes: false,
    // Its code is compiled when loaded, and each message in a room's mnesia archive makes the next one dearer.
    warmUpSends: 500,
    async install(): Promise<Installation> {
      const libraries = findLibraries();
      const folder = await makeDataFolder();
      const owner = process.getuid?.() === 0 ? await giveToOsUser(folder) : [];
      return { start: () => start({ core, folder, libraries, owner }), remove: () => removeDataFolder(folder) };
    },
  };
}

/** Where Debian keeps ejabberd and the Erlang libraries it uses. */
function findLibraries(): string {
  try {
    const files = execFileSync('dpkg', ['-L', 'ejabberd'], { encoding: 'utf8', stdio: 'pipe' });
    const application = files.split('\n').find((file) => file.endsWith('/ebin/ejabberd.app'));
    if (application !== undefined) return join(application, '../../..');
  } catch {
    // Said below, for both reasons.
  }
  throw new Error('ejabberd is not installed: apt-get install ejabberd erlang-p1-sqlite3');
}

/** The command prefix that runs as the package's own user, who then owns the folder. */
async function giveToOsUser(folder: string): Promise<string[]> {
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, osUser], { encoding: 'utf8' })));
  await chown(folder, uid ?? 0, gid ?? 0);
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

interface StartOptions {
  readonly core: number;
  readonly folder: string;
  readonly libraries: string;
  /** What to put before the command so that the folder's owner runs it. */
  readonly owner: readonly string[];
}

async function start({ core, folder, libraries, owner }: StartOptions): Promise<RunningServer> {
  const port = await freePort();
  const configuration = join(folder, 'ejabberd.yml');
  await writeFile(configuration, ejabberdConfig({ port }));
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    ERL_LIBS: libraries,
    EJABBERD_CONFIG_PATH: configuration,
    EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
  };
  // No node name: no port mapper daemon is left behind. One scheduler for the one core, and no busy waiting, which
  // would count as work of the sends: both were measured to help.
  const erlang = ['erl', '-noinput', '+K', 'true', '+S', '1', '+sbwt', 'none', '+sbwtdcpu', 'none', '+sbwtdio', 'none'];
  const application = ['-mnesia', 'dir', JSON.stringify(join(folder, 'spool')), '-s', 'ejabberd'];
  const server = new ServerProcess({ core, command: [...owner, ...erlang, ...application], env, cwd: folder });
  server.output.resume();
  await Promise.race([untilListening(port), server.failed]);
  return new RunningEjabberd(server, { port, startMs: performance.now() - server.startedAtMs });
}
