import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

const stopTimeoutMs = 15_000;
const keptErrorCharacters = 2000;

export interface ServerCommand {
  readonly core: number;
  readonly command: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** A server pinned to one core, in a process group of its own. It dies with this process unless that is killed. */
export class ServerProcess {
  readonly pid: number;
  readonly startedAtMs = performance.now();
  /** Rejects when the server has ended, with what it last wrote to standard error. */
  readonly failed: Promise<never>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #exited: Promise<unknown>;
  readonly #killGroup = (): void => killGroup(this.pid);
  #errorText = '';

  constructor({ core, command, env, cwd }: ServerCommand) {
    const child = spawn('taskset', ['-c', String(core), ...command], { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.pid = child.pid ?? 0;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errorText = (this.#errorText + text).slice(-keptErrorCharacters);
    });
    this.#exited = once(child, 'exit');
    this.failed = this.#failWhenEnded(command.join(' '));
    this.failed.catch(() => undefined);
    process.once('exit', this.#killGroup);
  }

  /** The server's standard output. Must be read, or a talkative server blocks. */
  get output(): Readable {
    return this.#child.stdout;
  }

  /** The server's standard error, as text. */
  get errors(): Readable {
    return this.#child.stderr;
  }

  /** SIGTERM, then SIGKILL when that has not ended it within 15 s. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(this.#killGroup, stopTimeoutMs);
    await this.#exited;
    clearTimeout(timer);
    await this.kill();
  }

  /** Ends the server and its children at once, for when its data is not needed any more. */
  async kill(): Promise<void> {
    this.#killGroup();
    await this.#exited;
    process.off('exit', this.#killGroup);
  }

  async #failWhenEnded(command: string): Promise<never> {
    await this.#exited;
    throw new Error(`${command} ended: ${this.#errorText}`);
  }
}

function killGroup(leaderPid: number): void {
  try {
    process.kill(-leaderPid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}
