import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { ContainerClient } from '@azure/storage-blob';
import { QueueClient } from '@azure/storage-queue';
import { TemporaryFolder } from './temporary.ts';

const PROGRAM = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
const ACCOUNT = 'switchboard';
const SERVICES = ['blob', 'queue', 'table'] as const;
type Ports = Readonly<Record<(typeof SERVICES)[number], number>>;

/**
 * Microsoft's storage emulator in a process of its own. It keeps what it has, and comes back at the same ports. The overrides
 * in package.json give it the library of its telemetry, which is off, in a version that brings a hundred packages less.
 */
export class Azurite implements AsyncDisposable {
  readonly #folder = new TemporaryFolder();
  readonly #key = randomBytes(64).toString('base64');
  #ports: Ports = { blob: 0, queue: 0, table: 0 };
  #process: ChildProcess | undefined;

  static async open(): Promise<Azurite> {
    const azurite = new Azurite();
    await azurite.start();
    return azurite;
  }

  async start(): Promise<void> {
    const ports = SERVICES.flatMap((name) => [`--${name}Port`, String(this.#ports[name])]);
    // Its newest version does not know the newest version of the service that its clients speak.
    const others = ['--location', this.#folder.path, '--silent', '--disableTelemetry', '--skipApiVersionCheck'];
    const child = spawn(process.execPath, [PROGRAM, ...ports, ...others], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, AZURITE_ACCOUNTS: `${ACCOUNT}:${this.#key}` },
    });
    this.#process = child;
    this.#ports = await portsOf(child);
  }

  /** From now on nothing listens there. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  }

  /** @param credential the key of the account by default */
  connectionString(credential = `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${this.#key}`): string {
    return `${credential};BlobEndpoint=${this.#endpoint('blob')};QueueEndpoint=${this.queueEndpoint}`;
  }

  get queueEndpoint(): string {
    return this.#endpoint('queue');
  }

  /** With a key that is not that of the account. */
  get wrongConnectionString(): string {
    return this.connectionString(`DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${randomBytes(64).toString('base64')}`);
  }

  queue(name: string): QueueClient {
    return new QueueClient(this.connectionString(), name);
  }

  container(name: string): ContainerClient {
    return new ContainerClient(this.connectionString(), name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#folder[Symbol.dispose]();
  }

  #endpoint(service: 'blob' | 'queue'): string {
    return `http://127.0.0.1:${this.#ports[service]}/${ACCOUNT}`;
  }
}

/** It says on standard output where each service listens. */
async function portsOf(child: ChildProcess & { readonly stdout: NodeJS.ReadableStream }): Promise<Ports> {
  const found: Partial<Record<string, number>> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, service = '', port] = /Azurite (\w+) service is successfully listening at .*:(\d+)/.exec(line) ?? [];
    found[service.toLowerCase()] = Number(port);
    const { blob, queue, table } = found;
    if (blob !== undefined && queue !== undefined && table !== undefined) return { blob, queue, table };
  }
  throw new Error('Azurite ended before it listened');
}
