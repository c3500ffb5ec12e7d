import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';

/** The ready line of `switchboard start --json`. */
export interface ReadyLine {
  readonly version: string;
  readonly endpoint: string;
  readonly httpEndpoint: string;
  readonly connectionString: string;
  readonly caFile: string;
  readonly portal: string;
  readonly adminKey: string;
  readonly adminUrl: string;
  readonly pid: number;
}

export interface StartOptions {
  /** Further flags of `switchboard start`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Data folder to use and keep; without it a temporary one is made, and removed by `stop`. */
  readonly data?: string;
  /** HTTPS port, to come back under the same address; any free one by default. */
  readonly port?: number;
  readonly httpPort?: number;
}

export interface AdminAnswer<T> {
  readonly status: number;
  readonly body: T;
}

const ENTRY = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
const READY_MS = 30_000;

/** A real server in its own process, reached through its public faces only. */
export class TestServer implements AsyncDisposable {
  readonly ready: ReadyLine;
  readonly data: string;
  readonly process: ChildProcess;
  readonly #temporary: boolean;
  readonly #errors: string[];

  constructor(parts: {
    readonly ready: ReadyLine;
    readonly data: string;
    readonly process: ChildProcess;
    readonly temporary: boolean;
    readonly errors: string[];
  }) {
    this.ready = parts.ready;
    this.data = parts.data;
    this.process = parts.process;
    this.#temporary = parts.temporary;
    this.#errors = parts.errors;
  }

  get endpoint(): string {
    return this.ready.endpoint;
  }

  get connectionString(): string {
    return this.ready.connectionString;
  }

  /** What the server wrote to standard error. */
  get log(): string {
    return this.#errors.join('');
  }

  /** Calls the admin API. */
  async admin<T>(method: string, path: string, body?: unknown): Promise<AdminAnswer<T>> {
    const response = await fetch(new URL(path, this.ready.httpEndpoint), {
      method,
      headers: { authorization: `Bearer ${this.ready.adminKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  /** Stops with SIGTERM. @returns the exit code */
  async stop(): Promise<number | null> {
    const code = await end(this.process, 'SIGTERM');
    if (this.#temporary) rmSync(this.data, { recursive: true, force: true });
    return code;
  }

  /** Ends it as a crash would; the data folder stays. */
  async kill(): Promise<void> {
    await end(this.process, 'SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Starts a server and waits until it serves; its certificate authority is trusted in this process from then on. */
export async function startServer(options: StartOptions = {}): Promise<TestServer> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'switchboard-test-'));
  const args = [
    'start',
    '--json',
    '--port',
    String(options.port ?? 0),
    '--http-port',
    String(options.httpPort ?? 0),
    '--data',
    data,
    ...(options.args ?? []),
  ];
  const child = spawn(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', ENTRY, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const ready = await readyLine(child, errors);
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(ready.caFile, 'utf8')]);
  return new TestServer({ ready, data, process: child, temporary: options.data === undefined, errors });
}

async function readyLine(child: ChildProcess & { readonly stdout: NodeJS.ReadableStream }, errors: readonly string[]): Promise<ReadyLine> {
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as ReadyLine;
    throw new Error(`the server ended before it was ready: ${errors.join('')}`);
  } finally {
    clearTimeout(timer);
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
  return child.exitCode;
}
