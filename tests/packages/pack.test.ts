import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const PUBLISHED = ['contract', 'server', 'cli', 'portal', 'chat-node'];
const READY_TIMEOUT_MS = 30_000;

/** What the `npm test` around this says to npm, Node and Switchboard; npm's settings of this machine stay. */
const OF_THIS_RUN = /^(?:npm_(?!config_)|npm_config_local_prefix$|NODE_(?:ENV|OPTIONS|PATH)$|VITEST|SWITCHBOARD_)/;

/** What an outsider has: Node 24 on the PATH, and no trace of this run. */
const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_THIS_RUN.test(name))),
  PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
};

let folder = '';
let packed: readonly PackedPackage[] = [];

interface PackedPackage {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-pack-'));
  await run(process.execPath, ['scripts/build.ts'], root);
  const workspaces = PUBLISHED.flatMap((name) => ['--workspace', name]);
  packed = JSON.parse(
    await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...workspaces], root),
  ) as PackedPackage[];
  await writeFile(join(folder, 'package.json'), JSON.stringify(outsidersManifest()));
  await run('npm', ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], folder);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('packages', () => {
  it('are packed without sources to strip and without tests', () => {
    expect(packed.map(({ name }) => name).sort()).toEqual(PUBLISHED.map((name) => `@switchboard/${name}`).sort());
    const paths = packed.flatMap(({ files }) => files.map(({ path }) => path));
    expect(paths.filter((path) => /\.test\.|(?<!\.d)\.tsx?$|\.stamp/.test(path))).toEqual([]);
  });

  it('bring their licence and the notices of what they contain', async () => {
    const portalFiles = await readdir(join(folder, 'node_modules', '@switchboard', 'portal', 'dist'));
    expect(portalFiles).toContain('LICENSE');
    expect(portalFiles).toContain('THIRD-PARTY-NOTICES.md');
  });

  it('installed in an empty folder, start, answer and stop', async () => {
    const args = ['start', '--json', '--port', '0', '--http-port', '0', '--data', join(folder, 'data')];
    const server = spawn('npx', ['--no-install', 'switchboard', ...args], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const errors = collect(server);
    try {
      const ready = await readyLine(server, errors);
      expect(ready).toMatchObject({ event: 'ready', version: '0.1.0' });
      const [health, portal] = await Promise.all([fetch(new URL('health', ready.httpEndpoint)), fetch(ready.portal)]);
      expect(health.status).toBe(200);
      expect(portal.status).toBe(200);

      const exited = once(server, 'exit');
      process.kill(ready.pid, 'SIGTERM');
      expect((await exited)[0], errors.join('')).toBe(0);
      expect(errors.join('')).not.toContain('Warning');
    } finally {
      server.kill('SIGKILL');
    }
  });
});

/** Ours come from the tarballs, wherever they are asked for: an unpublished name must not be looked up at a registry. */
function outsidersManifest(): object {
  return {
    private: true,
    dependencies: Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${filename}`])),
    overrides: Object.fromEntries(packed.map(({ name }) => [name, `$${name}`])),
  };
}

interface ReadyLine {
  readonly event: 'ready';
  readonly httpEndpoint: string;
  readonly portal: string;
  readonly pid: number;
}

/** The first line on standard output; whatever the process said instead is in the error. */
async function readyLine(server: ChildProcess, errors: readonly string[]): Promise<ReadyLine> {
  if (server.stdout === null) throw new Error('standard output is not piped');
  const lines = createInterface({ input: server.stdout });
  const failed = once(server, 'exit').then(() => Promise.reject(new Error(`ended before it was ready:\n${errors.join('')}`)));
  const [line] = (await Promise.race([once(lines, 'line', { signal: AbortSignal.timeout(READY_TIMEOUT_MS) }), failed])) as [string];
  // It ends later, when it is told to.
  failed.catch(() => undefined);
  return JSON.parse(line) as ReadyLine;
}

function collect(server: ChildProcess): string[] {
  const chunks: string[] = [];
  server.stderr?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  return chunks;
}

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, env: environment, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}
