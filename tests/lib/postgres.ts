import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const USER = 'switchboard';
const DEBIAN_FOLDER = '/usr/lib/postgresql';
const READY = /database system is ready to accept connections/;
const READY_MS = 60_000;

/** A real PostgreSQL of its own in a temporary folder, as the distribution ships it, with `fsync` on. */
export class TestPostgres implements AsyncDisposable {
  readonly port: number;
  /** Holds the data and the log of the server. */
  readonly folder: string;
  readonly #program: string;
  readonly #password: string;
  #process: ChildProcess | undefined;

  private constructor(parts: { readonly port: number; readonly folder: string; readonly program: string; readonly password: string }) {
    this.port = parts.port;
    this.folder = parts.folder;
    this.#program = parts.program;
    this.#password = parts.password;
  }

  /** @throws Error saying what to install when there is no PostgreSQL on this machine */
  static async start(): Promise<TestPostgres> {
    const programs = programFolder();
    const folder = mkdtempSync(join(tmpdir(), 'switchboard-postgres-'));
    const password = randomBytes(16).toString('hex');
    const postgres = new TestPostgres({ port: await freePort(), folder, program: join(programs, 'postgres'), password });
    try {
      const passwordFile = join(folder, 'password');
      writeFileSync(passwordFile, password);
      const owner = unprivileged();
      if (owner !== undefined) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
      const options = ['--username', USER, '--pwfile', passwordFile, '--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C'];
      await promisify(execFile)(join(programs, 'initdb'), ['--pgdata', postgres.data, ...options], { ...owner, cwd: folder });
      await postgres.restart();
      return postgres;
    } catch (error) {
      await postgres.stop();
      throw error;
    }
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  /** Address of a database; `postgres` exists from the start. */
  url(database = 'postgres'): string {
    return `postgres://${USER}:${this.#password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Starts it, again after {@link kill}, on the same data and port; resolves when it takes connections. */
  async restart(): Promise<void> {
    const settings = [
      'fsync=on',
      'synchronous_commit=on',
      'max_connections=200',
      'shared_buffers=32MB',
      `unix_socket_directories=${this.folder}`,
    ];
    const child = spawn(
      this.#program,
      ['-D', this.data, '-h', '127.0.0.1', '-p', String(this.port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...unprivileged(), cwd: this.folder, env: { LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#process = child;
    await ready(child);
  }

  /** Ends it as a crash would. The data stays. */
  async kill(): Promise<void> {
    await this.#end('SIGQUIT');
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    // A fast shutdown: connections are cut, the data is left whole.
    await this.#end('SIGINT');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

/** Resolves at the log line that says so; later lines are read and dropped, so that the server never waits for us. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), READY_MS);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (log.length < 100_000) log += text;
      if (!READY.test(log)) return;
      clearTimeout(timer);
      resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`PostgreSQL ended before it was ready: ${log}`)));
    void once(child, 'exit').then(() => clearTimeout(timer), reject);
  });
}

/** Where the programs of the server are: Debian keeps them out of the path. */
function programFolder(): string {
  const folders = [fromPgConfig(), ...debianFolders()];
  const found = folders.find(
    (folder) => folder !== undefined && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
  if (found === undefined)
    throw new Error('these tests need a PostgreSQL server: install the package "postgresql" (Debian: apt-get install -y postgresql)');
  return found;
}

function fromPgConfig(): string | undefined {
  try {
    return execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

function debianFolders(): string[] {
  if (!existsSync(DEBIAN_FOLDER)) return [];
  const versions = readdirSync(DEBIAN_FOLDER).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(DEBIAN_FOLDER, version, 'bin'));
}

/** PostgreSQL refuses to run as root; whoever is not root runs it as themselves. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const name = ['postgres', 'nobody'].find((user) => idOf(user, '-u') !== undefined) ?? 'nobody';
  return { uid: idOf(name, '-u') ?? 65_534, gid: idOf(name, '-g') ?? 65_534 };
}

function idOf(user: string, which: '-u' | '-g'): number | undefined {
  try {
    return Number(execFileSync('id', [which, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

/** PostgreSQL cannot choose a port by itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
