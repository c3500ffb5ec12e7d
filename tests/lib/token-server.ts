import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestServer } from './server.ts';

const EXAMPLE = `${fileURLToPath(new URL('../../', import.meta.url))}examples/token-server.mjs`;

/** The example of a token server, in its own process. */
export class TokenServer implements AsyncDisposable {
  /** Ends in a slash. */
  readonly address: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, address: string) {
    this.#process = process;
    this.address = address;
  }

  static async start(server: TestServer): Promise<TokenServer> {
    const child = spawn(process.execPath, [EXAMPLE], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        CONNECTION_STRING: server.connectionString,
        NODE_EXTRA_CA_CERTS: server.ready.caFile,
        PORT: '0',
      },
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const address = /^token server: (http:\S+)$/.exec(line)?.[1];
      if (address !== undefined) return new TokenServer(child, address);
    }
    throw new Error('the token server ended before it was ready');
  }

  /** @returns status, body, and the cookie that was set, as a browser would send it back */
  async post(path: string, cookie = ''): Promise<TokenServerAnswer> {
    const response = await fetch(new URL(path, this.address), { method: 'POST', headers: { cookie } });
    const set = response.headers.get('set-cookie') ?? '';
    return {
      status: response.status,
      body: (await response.json()) as TokenServerAnswer['body'],
      cookie: set.split(';')[0]!,
      attributes: set,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.kill();
    await exited;
  }
}

export interface TokenServerAnswer {
  readonly status: number;
  readonly body: {
    readonly endpoint?: string;
    readonly userId?: string;
    readonly token?: string;
    readonly expiresOn?: string;
    readonly error?: string;
  };
  /** `name=value`, empty when none was set. */
  readonly cookie: string;
  /** The whole header that set it. */
  readonly attributes: string;
}
