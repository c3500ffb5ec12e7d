import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Contestant, Installation } from '../contestant.ts';
import { makeDataFolder, removeDataFolder } from '../data-folder.ts';
import { ServerProcess } from '../server-process.ts';
import { portOf, RunningSwitchboard, type ReadyLine } from './running-switchboard.ts';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));

export interface SwitchboardOptions {
  /** Remembers no bodies of requests and no events that nobody wants, as where others than its developer use it. */
  readonly isProduction?: boolean;
  /** Opens Node's inspector, for measurements from inside. Costs a thread, and nothing while it is not used. */
  readonly inspected?: boolean;
  /** Puts the live sockets on the TLS listener; everything else stays on the plain one. */
  readonly liveOverTls?: boolean;
  /** Starts with a clock that stands still until {@link RunningSwitchboard.advanceClock}. */
  readonly virtualClock?: boolean;
}

/** Our server, over its plain HTTP listener, on embedded SQLite. */
export function switchboard(core: number, options: SwitchboardOptions = {}): Contestant<RunningSwitchboard> {
  return {
    name: 'switchboard',
    answersPushes: true,
    warmUpSends: 30_000,
    async install(): Promise<Installation<RunningSwitchboard>> {
      const dataFolder = await makeDataFolder();
      return { start: () => start({ core, dataFolder, ...options }), remove: () => removeDataFolder(dataFolder) };
    },
  };
}

interface StartOptions extends SwitchboardOptions {
  readonly core: number;
  readonly dataFolder: string;
}

async function start({ core, dataFolder, inspected, liveOverTls, virtualClock, isProduction }: StartOptions): Promise<RunningSwitchboard> {
  const nodeFlags = inspected === true ? ['--inspect=127.0.0.1:0'] : [];
  const flags = [
    'start',
    '--json',
    '--port',
    '0',
    '--http-port',
    '0',
    '--data',
    dataFolder,
    '--clock',
    virtualClock === true ? 'virtual' : 'real',
    ...(isProduction === true ? ['--inspect', 'off'] : []),
  ];
  const command = [process.execPath, ...nodeFlags, 'cli/bin/switchboard.mjs', ...flags];
  const server = new ServerProcess({ core, command, cwd: repository });
  const inspectorUrl =
    inspected === true ? readInspectorUrl(server) : Promise.reject(new Error('the server was started without an inspector'));
  inspectorUrl.catch(() => undefined);
  const ready = await Promise.race([readReadyLine(server), server.failed]);
  const startMs = performance.now() - server.startedAtMs;
  const live =
    liveOverTls === true
      ? { port: portOf(ready.endpoint), ca: await readFile(ready.caFile, 'utf8') }
      : { port: portOf(ready.httpEndpoint) };
  return new RunningSwitchboard(server, { ready, live, inspectorUrl, startMs });
}

async function readReadyLine(server: ServerProcess): Promise<ReadyLine> {
  const { promise, resolve } = Promise.withResolvers<ReadyLine>();
  createInterface({ input: server.output }).on('line', (line) => {
    // What `--json` promises on standard output.
    const message = JSON.parse(line) as ReadyLine;
    if (message.event === 'ready') resolve(message);
  });
  return promise;
}

/** The address Node prints on standard error when it opens its inspector: the second one, since the command replaces its process. */
function readInspectorUrl(server: ServerProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let printed = 0;
  createInterface({ input: server.errors }).on('line', (line) => {
    const url = /^Debugger listening on (\S+)/.exec(line)?.[1];
    if (url === undefined) return;
    printed += 1;
    if (printed === 2) resolve(url);
  });
  return Promise.race([promise, server.failed]);
}
